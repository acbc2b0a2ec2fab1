/** What gives a program away that answers on the target's port and is no MCP server. Pure. */
import type { AnswerMeaning, Evidence, PeekEvidence, ProcessFacts } from './evidence.ts';
import { failedWay, isReady } from './view.ts';

/** Peers that name themselves and speak no HTTP, with an article. */
export const OTHER_PROTOCOLS: Readonly<Partial<Record<PeekEvidence['speaks'], string>>> = {
  ssh: 'an SSH server',
  smtp: 'a mail server (SMTP)',
  ftp: 'an FTP server',
  redis: 'a Redis server',
  mysql: 'a MySQL server',
  postgres: 'a PostgreSQL server',
  imap: 'a mail server (IMAP)',
  vnc: 'a VNC server',
  banner: 'a program that speaks no HTTP',
};

/** What programs answer that know nothing of MCP. */
const STRANGE: ReadonlySet<AnswerMeaning> = new Set(['not-found', 'method-not-allowed', 'unusable', 'bad-request']);

/** What the program on the port showed itself to be, by its banner or its web page, with an article; null when it did not. */
export function strangerName(evidence: Evidence): string | null {
  const { peek, paths } = evidence;
  const banner = peek?.map(({ speaks }) => OTHER_PROTOCOLS[speaks]).find((one) => one !== undefined);
  if (banner !== undefined) return banner;
  const page = failedWay(evidence)?.last.answer;
  const isPage = (paths?.home?.kind === 'html' && paths.home.status < 300) || (page?.body.kind === 'html' && page.status < 300);
  return paths?.home?.product ?? (isPage ? 'a web server with an HTML page' : null);
}

/** Whether what answers shows no sign of MCP: another protocol, or HTTP without MCP at any usual path and by any transport. */
export function answersAsStranger(evidence: Evidence): boolean {
  const { peek, paths, otherTransport } = evidence;
  if (peek?.some(({ speaks }) => speaks === 'tls')) return false;
  if (peek?.some(({ speaks }) => OTHER_PROTOCOLS[speaks] !== undefined)) return true;
  const last = failedWay(evidence)?.last;
  if (!last?.answer || last.answer.rpc !== null || isReady(otherTransport)) return false;
  if (paths === undefined || paths.found !== null) return false;
  // 501 says that the program knows no POST at all (RFC 9110, section 15.6.2).
  return last.meaning !== null && (STRANGE.has(last.meaning) || last.answer.status === 501);
}

/** Whether a process was started by a name that says MCP: a script, package or module with that word in it, folders not counted. */
export function isNamedMcp({ command }: Pick<ProcessFacts, 'command'>): boolean {
  return command.split(/\s+/).some((word) => /(?:^|[^a-z])mcp(?:[^a-z]|$)/i.test(separated(word.replace(/^.*[\\/]/, ''))));
}

/** `myMcpServer` as `my Mcp Server`. */
function separated(word: string): string {
  return word.replace(/([a-z])(?=[A-Z])/g, '$1 ');
}

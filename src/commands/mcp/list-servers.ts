import type { CallToolResult } from '@modelcontextprotocol/server';
import { createRedactor } from '../../model/redact.ts';
import type { Transport } from '../../model/target.ts';
import { addressOf } from '../configs/entry-plan.ts';
import type { EntryTarget, FileTarget } from '../configs/known.ts';
import { secretsOfEntry } from '../configs/secrets.ts';
import { plainAnswer } from './answer.ts';
import { resolveHere } from './resolve-here.ts';

/** What `structuredContent` may hold besides the text; some hundred bytes each. */
const MOST_SERVERS = 40;
/** Characters of an address or sentence. */
const LONGEST = 160;

interface ListedServer {
  /** What `diagnose` takes as a target. */
  readonly target: string;
  readonly name: string;
  readonly client: string;
  readonly source: { readonly file: string; readonly line: number; readonly column: number; readonly scope: string };
  readonly transport: Transport | null;
  readonly address: string;
  /** Whether its client uses the entry: not switched off, rejected, hidden by another one or in a place that is not read. */
  readonly used: boolean;
  /** Codes of what is wrong with the entry as it stands. */
  readonly problems: readonly string[];
}

/** The servers of all client configs here, or of one client's. Throws UsageError for an unknown client. */
export async function listServers(client: string | null): Promise<CallToolResult> {
  const { targets, looked } = await resolveHere([], client);
  const entries = targets.filter((target) => target.kind === 'entry');
  const broken = targets.filter((target) => target.kind === 'file').map(brokenFile);
  const servers = entries.slice(0, MOST_SERVERS).map(listed);
  const counts = `${entries.length === 1 ? '1 server' : `${entries.length} servers`} in the configs of this machine${entries.length > servers.length ? `; the first ${servers.length} follow, ask for one client to see others` : ''}.`;
  const lines = [
    entries.length === 0 && broken.length === 0 ? `${counts} Looked at: ${looked.join(', ')}` : counts,
    ...servers.map(line),
    ...broken.map(({ file, problems }) => `${file}: no server can be read (${problems.join(', ')})`),
  ];
  return plainAnswer(lines.join('\n'), { total: entries.length, servers, unreadable: broken });
}

function listed(target: EntryTarget): ListedServer {
  const { entry, problems } = target;
  const redact = createRedactor();
  for (const secret of secretsOfEntry(entry)) redact.add(secret);
  const short = (text: string) => (text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`);
  return {
    target: `${entry.client}:${short(entry.name)}`,
    name: short(entry.name),
    client: entry.client,
    source: { file: short(entry.file.shown), line: entry.position.line, column: entry.position.column, scope: entry.file.scope },
    transport: entry.transport,
    address: short(redact.text(addressOf(target))),
    used: !entry.disabled && entry.unread === null && entry.approval !== 'rejected',
    problems: [...new Set(problems.map(({ code }) => code))],
  };
}

function line({ target, transport, address, source, used, problems }: ListedServer): string {
  const remarks = [...(used ? [] : ['not used']), ...problems];
  return `${target}  ${transport ?? 'unknown transport'}  ${address}  (${source.file}:${source.line})${remarks.length === 0 ? '' : `  [${remarks.join(', ')}]`}`;
}

function brokenFile({ file, problems }: FileTarget) {
  return { file: file.shown, client: file.client, problems: [...new Set(problems.map(({ code }) => code))] };
}

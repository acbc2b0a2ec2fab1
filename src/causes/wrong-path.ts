import { defineCause, type MatchBase } from '../model/cause.ts';
import type { AnswerMeaning, Evidence } from '../model/evidence.ts';
import {
  answer,
  answered,
  attempt,
  evidence,
  EXAMPLE_PROCESS,
  holder,
  listener,
  ready,
  target,
  tcp,
  unfinished,
} from '../model/examples.ts';
import { exchangeWords } from '../model/exchange-words.ts';
import type { Remedy } from '../model/remedy.ts';
import { isNamedMcp } from '../model/strangers.ts';
import { failedWay, holderProcess, isLocal, isReady, silentStream, urlWith } from '../model/view.ts';

interface Args extends MatchBase {
  readonly path: string;
  readonly status: number;
  readonly facts: readonly string[];
  readonly tried: readonly string[];
  /** Where MCP was found. */
  readonly url: string | null;
  /** The transport spoken there, when it is not the configured one. */
  readonly type: 'http' | 'sse' | null;
}

/** Answers that say "nothing here" rather than "not like this". */
const NOTHING_HERE: ReadonlySet<AnswerMeaning> = new Set(['not-found', 'method-not-allowed']);

/** The server is there, and MCP is at another path. */
export const cause = defineCause({
  id: 'wrong-path',
  group: 'http',
  title: 'The URL has the wrong path',
  layer: 'http',
  severity: 'error',
  needs: [],
  hiddenBy: ['proxy-intercepts', 'ipv6-localhost'],
  match(found): Args | undefined {
    const { target, paths } = found;
    const way = failedWay(found);
    if (way?.layer !== 'http' || way.last.answer === null || way.last.meaning === 'redirect' || isReady(found.otherTransport))
      return undefined;
    const { last } = way;
    const base = {
      path: target.path,
      status: way.last.answer.status,
      facts: [exchangeWords(last)],
      tried: paths?.tried.map(({ path }) => path) ?? [],
    };
    if (paths?.found) {
      const { path, handshake } = paths.found;
      const differs = target.transport !== null && handshake.transport !== target.transport;
      return { ...base, certainty: 'proved', url: urlWith(found, { path }), type: differs ? handshake.transport : null };
    }
    if (!NOTHING_HERE.has(last.meaning ?? 'result') || silentStream(found)?.proxy != null) return undefined;
    return mayBeMcp(found) ? { ...base, certainty: 'possible', url: null, type: null } : undefined;
  },
  explain({ path, status, facts, tried, url }) {
    if (url !== null) {
      return {
        summary: `${path} answers HTTP ${status}, but MCP is at ${new URL(url).pathname}: ${url} completes the handshake.`,
        evidence: [...facts, `${url} completes the MCP handshake`],
      };
    }
    const looked = tried.length === 0 ? [] : [`no MCP at ${tried.join(', ')} either`];
    return {
      summary: `The server answers HTTP ${status} at ${path}: there is no MCP endpoint at this path.`,
      evidence: [...facts, ...looked],
    };
  },
  remedies({ url, type }) {
    if (url === null) {
      return [
        {
          kind: 'tell',
          title:
            "Look up the endpoint's path in the server's documentation or in the line it prints at start (often /mcp), and put it into the URL.",
        },
      ];
    }
    const edit: Remedy[] = [{ kind: 'edit', title: 'Use the URL that works:', field: 'url', value: url }];
    if (type !== null) edit.push({ kind: 'edit', title: 'and the transport that is spoken there:', field: 'type', value: type });
    return edit;
  },
  about: `A server answers MCP at one path only, usually \`/mcp\`, for the older HTTP+SSE usually \`/sse\`. At every other path a web framework says 404
(or 405 when the path exists for other methods). A trailing slash makes another path for some frameworks.
mcpreach makes a handshake at each usual path of the same origin; the one that completes it is the proof.
By hand: \`curl -i -X POST URL\` shows the status; the server's start-up line or documentation names the path.`,
  refs: [
    'https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#streamable-http',
    'https://www.rfc-editor.org/rfc/rfc9110#section-15.5.5',
  ],
  examples() {
    const page = answered('server/discover', 'not-found', answer(404, { body: { kind: 'html', bytes: 140, excerpt: 'Cannot POST /' } }));
    const open = { tcp: tcp(attempt('127.0.0.1', 'open')), direct: unfinished([page]) };
    const nowhere = { tried: [{ path: '/mcp', meaning: 'not-found' as const }], found: null, home: null };
    const local = target('http://127.0.0.1:3000/');
    const held = (command: string) =>
      holder({ socket: listener('127.0.0.1'), owner: { kind: 'measured', value: { ...EXAMPLE_PROCESS, command } } });
    return {
      fires: [
        {
          title: 'MCP answers at /mcp',
          evidence: evidence(local, { ...open, paths: { ...nowhere, found: { path: '/mcp', handshake: ready() } } }),
        },
        {
          title: 'HTTP+SSE configured, the server has moved to Streamable HTTP at another path',
          evidence: evidence(target('http://127.0.0.1:3000/sse', { transport: 'sse' }), {
            ...open,
            paths: { ...nowhere, found: { path: '/mcp', handshake: ready() } },
          }),
        },
        {
          title: 'a remote server has nothing here and is found nowhere else',
          evidence: evidence(target('http://192.0.2.9:3000/api'), { ...open, tcp: tcp(attempt('192.0.2.9', 'open')), paths: nowhere }),
        },
        {
          title: 'a local program that is an MCP server by its command line',
          evidence: evidence(local, { ...open, paths: nowhere, holder: held('node my-mcp-server.js') }),
        },
      ],
      quiet: [
        { title: 'it works', evidence: evidence(local, { ...open, direct: ready() }) },
        { title: 'a local program that is none', evidence: evidence(local, { ...open, paths: nowhere, holder: held('node vite') }) },
      ],
    };
  },
});

/** Whether what answers may be an MCP server all the same: another machine's cannot be looked at, ours has a command line. */
function mayBeMcp(found: Evidence): boolean {
  if (!isLocal(found)) return true;
  if (found.paths?.home?.product != null) return false;
  const owner = holderProcess(found);
  return owner !== undefined && isNamedMcp(owner);
}

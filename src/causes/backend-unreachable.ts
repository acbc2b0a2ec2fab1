import { defineCause, type MatchBase } from '../model/cause.ts';
import type { HttpTarget } from '../model/target.ts';
import { answered, attempt, evidence, ready, rpcError, target, tcp, toolsFailed, unfinished } from '../model/examples.ts';
import { exchangeWords, readyWords } from '../model/exchange-words.ts';
import { endpoint, failedWay } from '../model/view.ts';

interface Args extends MatchBase {
  readonly request: string;
  readonly backend: string;
  readonly said: string;
  readonly facts: readonly string[];
}

/** MCP works; what the server itself talks to is refused. */
export const cause = defineCause({
  id: 'backend-unreachable',
  group: 'beyond',
  title: 'What the server itself talks to cannot be reached',
  layer: 'tools',
  severity: 'error',
  needs: [],
  hiddenBy: [],
  match(found): Args | undefined {
    const way = failedWay(found);
    const answer = way?.last.answer;
    if (way === undefined || answer == null) return undefined;
    // Before the handshake only a JSON-RPC error is the MCP server's own voice.
    if (way.layer !== 'tools' && !answer.rpc?.error) return undefined;
    const text = answer.rpc?.error?.message ?? answer.body.excerpt;
    const refused = refusedAddress(text, found.target);
    if (refused === null) return undefined;
    return {
      certainty: 'likely',
      layer: 'tools',
      request: way.last.request,
      ...refused,
      facts: [...readyWords(way.handshake), exchangeWords(way.last)],
    };
  },
  explain({ request, backend, said, facts }) {
    return { summary: `The MCP server answers, but what it needs for ${request} does not: ${backend} (${said}).`, evidence: facts };
  },
  remedies({ backend }) {
    return [
      {
        kind: 'tell',
        title: `Start what should answer at ${backend}, as seen from the server's machine, or correct that address in the server's own settings.`,
      },
      {
        kind: 'tell',
        title: 'If the server runs in a container, localhost there is the container itself: use the service name or host.docker.internal.',
      },
    ];
  },
  about: `The MCP server is up and completes the handshake; a database, an API or another service behind it is not, and the server passes that error on.
The entry of the client is right: the address in the message is one of the server's own settings.
mcpreach reads the address out of the error's message, the only place where it stands, and says so only when it is not the target's own.
By hand: on the server's machine, try that address with \`nc -vz HOST PORT\` (Linux, macOS) or
\`Test-NetConnection HOST -Port PORT\` (Windows).`,
  refs: ['https://nodejs.org/api/errors.html#common-system-errors', 'https://man7.org/linux/man-pages/man2/connect.2.html'],
  examples() {
    const open = { tcp: tcp(attempt('127.0.0.1', 'open')) };
    const say = (message: string) => rpcError(200, { code: -32603, message });
    return {
      fires: [
        {
          title: 'its database is down',
          evidence: evidence(target(), {
            ...open,
            direct: toolsFailed(answered('tools/list', 'rpc-error', say('connect ECONNREFUSED 127.0.0.1:5432'))),
          }),
        },
        {
          title: 'told in Python',
          evidence: evidence(target(), {
            ...open,
            direct: toolsFailed(
              answered('tools/list', 'rpc-error', say('Cannot connect to host db.internal:6379 ssl:default [Connection refused]')),
            ),
          }),
        },
        {
          title: 'told by a Python client',
          evidence: evidence(target(), {
            ...open,
            direct: toolsFailed(
              answered('tools/list', 'rpc-error', say("HTTPConnectionPool(host='localhost', port=9200): [Errno 111] Connection refused")),
            ),
          }),
        },
        {
          title: 'at an IPv6 address',
          evidence: evidence(target(), {
            ...open,
            direct: toolsFailed(answered('tools/list', 'rpc-error', say('connect ECONNREFUSED ::1:6379'))),
          }),
        },
        {
          title: 'already initialize needs it',
          evidence: evidence(target(), {
            ...open,
            direct: unfinished([answered('initialize', 'rpc-error', say('getaddrinfo ENOTFOUND api.internal'))]),
          }),
        },
      ],
      quiet: [
        { title: 'all is up', evidence: evidence(target(), { ...open, direct: ready() }) },
        {
          title: 'another error',
          evidence: evidence(target(), { ...open, direct: toolsFailed(answered('tools/list', 'rpc-error', say('Internal error'))) }),
        },
      ],
    };
  },
});

const ERRNO = /\b(?:ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)\b/;
const WORDS = /connection refused|connection timed out|no route to host|name or service not known/i;
/** How programs write the address: behind the errno (Node, also IPv6 without brackets), as arguments (Python), or as HOST:PORT. */
const ADDRESSES: readonly RegExp[] = [
  /\bE[A-Z]+\s+([\w.:[\]-]+):(\d{2,5})\b/g,
  /\bhost='([^']+)', port=(\d{2,5})\b/g,
  /(\[[\da-f:.]+\]|[\w-]+(?:\.[\w-]+)*):(\d{2,5})\b/gi,
];

/** The address in an error's message that could not be reached, unless it is the target's own. Text is all there is here. */
function refusedAddress(text: string, { host, port }: HttpTarget): { readonly backend: string; readonly said: string } | null {
  const said = text.match(ERRNO)?.[0] ?? text.match(WORDS)?.[0];
  if (said === undefined) return null;
  const name = text.match(/\b(?:ENOTFOUND|EAI_AGAIN)\s+([\w-]+(?:\.[\w-]+)*)/)?.[1];
  if (name !== undefined) return name === host ? null : { backend: name, said };
  for (const pattern of ADDRESSES) {
    for (const [, from = '', at = ''] of text.matchAll(pattern)) {
      const bare = from.replace(/^\[|\]$/g, '');
      // A line number or a clock looks like HOST:PORT, too.
      if (!/^\d*$/.test(bare) && !(Number(at) === port && bare === host)) return { backend: endpoint(bare, Number(at)), said };
    }
  }
  return null;
}

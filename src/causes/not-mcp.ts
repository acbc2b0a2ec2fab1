import { seePortOwner } from '../facts/commands.ts';
import { defineCause, type MatchBase } from '../model/cause.ts';
import type { AnswerMeaning, Evidence, Exchange, PeekEvidence } from '../model/evidence.ts';
import {
  answer,
  answered,
  attempt,
  evidence,
  EXAMPLE_PROCESS,
  failed,
  holder,
  listener,
  ready,
  target,
  tcp,
  unfinished,
} from '../model/examples.ts';
import { bodyWords, exchangeWords } from '../model/exchange-words.ts';
import { madeByForwardProxy } from '../model/reverse-proxies.ts';
import { isNamedMcp, OTHER_PROTOCOLS } from '../model/strangers.ts';
import { endpoint, failedWay, holderProcess, isLocal, isReady, openAttempts, silentStream } from '../model/view.ts';

interface Args extends MatchBase {
  readonly at: string;
  readonly local: boolean;
  readonly port: number;
  /** What answers, with an article. */
  readonly what: string;
  readonly facts: readonly string[];
}

const UNFIT: ReadonlySet<AnswerMeaning> = new Set(['unusable', 'bad-request', 'session-required', 'session-unknown']);

/** Something answers, and it is not MCP. */
export const cause = defineCause({
  id: 'not-mcp',
  group: 'http',
  title: 'What answers is not an MCP server',
  layer: 'http',
  severity: 'error',
  needs: [],
  hiddenBy: ['port-in-use', 'wrong-path', 'wrong-port', 'wrong-scheme', 'sse-legacy', 'proxy-intercepts', 'ipv6-localhost', 'redirect'],
  match(found): Args | undefined {
    const way = failedWay(found);
    if (way?.layer !== 'http' || madeByForwardProxy(found, way.last) || silentStream(found)?.proxy != null) return undefined;
    if (found.paths?.found || isReady(found.otherTransport) || found.peek?.some(({ speaks }) => speaks === 'tls')) return undefined;
    const { last } = way;
    const seen = strangerIn(found, last);
    if (seen === undefined) return undefined;
    const owner = isLocal(found) ? holderProcess(found) : undefined;
    // A known holder that does not call itself MCP is another program on the port.
    if (owner !== undefined && !isNamedMcp(owner) && last.failure?.reason !== 'too-large') return undefined;
    const { target, paths } = found;
    const at = openAttempts(found)[0];
    const home = paths?.home;
    return {
      ...seen,
      at: at === undefined ? target.display : endpoint(at.address, target.port),
      local: isLocal(found),
      port: target.port,
      facts: [
        exchangeWords(last),
        ...(found.peek ?? []).flatMap(({ address, port, banner }) =>
          banner === null ? [] : [`${endpoint(address, port)} says: ${banner}`],
        ),
        ...(home ? [`GET / gives HTTP ${home.status}, ${bodyWords(home.kind)}${home.product === null ? '' : `: ${home.product}`}`] : []),
        ...(paths === undefined ? [] : [`no MCP at ${paths.tried.length} other usual paths`]),
      ],
    };
  },
  explain({ at, what, facts }) {
    return { summary: `${at} answers, but not as an MCP server: it is ${what}.`, evidence: facts };
  },
  remedies({ local, port }, { platform }) {
    if (!local) return [{ kind: 'tell', title: 'Check host, port and path against the address that the MCP server prints or documents.' }];
    return [
      { kind: 'run', title: 'See which program holds the port:', command: seePortOwner(platform, port) },
      { kind: 'tell', title: "Put the MCP server's own port into the URL, or start it on a port that is free." },
    ];
  },
  about: `A connection that opens proves nothing: another web server, an API, a database or a mail server may sit on the port. An MCP server answers the
handshake with a JSON-RPC result; an HTML page, a JSON document, an empty 202 or a banner is something else.
mcpreach looks at the answer, at the banner, at the start page and at the other usual paths before it says so.
By hand: open the address in a browser, or \`curl -i URL\`.`,
  refs: [
    'https://www.jsonrpc.org/specification#response_object',
    'https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle',
  ],
  examples() {
    const open = { tcp: tcp(attempt('192.0.2.9', 'open')) };
    const remote = target('http://192.0.2.9:3000/mcp');
    const page = unfinished([
      answered('server/discover', 'unusable', answer(200, { body: { kind: 'html', bytes: 400, excerpt: 'My app' } })),
    ]);
    const nowhere = { tried: [{ path: '/', meaning: 'unusable' as const }], found: null, home: null };
    const cut = unfinished([failed('server/discover', { stage: 'head', reason: 'not-http', code: 'HPE_INVALID_CONSTANT' })]);
    const banner = (speaks: PeekEvidence['speaks'], text: string | null) => [
      { address: '192.0.2.9', port: 3000, speaks, banner: text, ms: 20 },
    ];
    const empty = unfinished([answered('initialize', 'unusable', answer(202))]);
    const owner = {
      socket: listener('127.0.0.1'),
      owner: { kind: 'measured' as const, value: { ...EXAMPLE_PROCESS, command: 'node vite' } },
    };
    return {
      fires: [
        { title: 'a web page on another machine', evidence: evidence(remote, { ...open, direct: page, paths: nowhere }) },
        { title: 'an SSH server', evidence: evidence(remote, { ...open, direct: cut, peek: banner('ssh', 'SSH-2.0-OpenSSH_9.2') }) },
        { title: 'an empty 202', evidence: evidence(remote, { ...open, direct: empty, paths: nowhere }) },
        {
          title: 'an endless answer',
          evidence: evidence(remote, { ...open, direct: unfinished([failed('initialize', { stage: 'body', reason: 'too-large' })]) }),
        },
        {
          title: 'a page on this machine whose owner could not be read',
          evidence: evidence(target(), {
            tcp: tcp(attempt('127.0.0.1', 'open')),
            direct: page,
            paths: nowhere,
            holder: holder({ socket: listener('127.0.0.1'), owner: { kind: 'not-measured', why: 'it belongs to another user' } }),
          }),
        },
      ],
      quiet: [
        { title: 'MCP', evidence: evidence(remote, { ...open, direct: ready() }) },
        {
          title: 'another program of this machine, known by name',
          evidence: evidence(target(), { tcp: tcp(attempt('127.0.0.1', 'open')), direct: page, paths: nowhere, holder: holder(owner) }),
        },
      ],
    };
  },
});

/** What answers instead of MCP, and how sure that is; undefined when it may well be MCP. */
function strangerIn(found: Evidence, { answer: got, failure, meaning }: Exchange): Pick<Args, 'what' | 'certainty'> | undefined {
  const banner = found.peek?.map(({ speaks }) => OTHER_PROTOCOLS[speaks]).find((one) => one !== undefined);
  if (banner !== undefined) return { what: banner, certainty: 'proved' };
  if (failure?.reason === 'too-large') return { what: 'a program that sends an answer without end', certainty: 'likely' };
  if (failure?.reason === 'not-http') return { what: 'a program that speaks no HTTP', certainty: 'likely' };
  if (got === null || got.rpc?.error || !UNFIT.has(meaning ?? 'result')) return undefined;
  const product = found.paths?.home?.product;
  if (product != null) return { what: product, certainty: 'proved' };
  const what = `${got.body.kind === 'html' ? 'a web server' : 'a program'} that answers HTTP ${got.status} with ${bodyWords(got.body.kind)}`;
  return { what, certainty: meaning === 'unusable' ? 'proved' : 'possible' };
}

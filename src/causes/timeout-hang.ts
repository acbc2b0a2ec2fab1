import { seeInterface } from '../facts/commands.ts';
import { defineCause, type MatchBase } from '../model/cause.ts';
import {
  answer,
  answered,
  attempt,
  evidence,
  EXAMPLE_PROCESS,
  failed,
  holder,
  listener,
  machine,
  ready,
  target,
  tcp,
  tls,
  toolsFailed,
  unfinished,
} from '../model/examples.ts';
import type { Evidence, HostEvidence, ProcessFacts } from '../model/evidence.ts';
import { unreadFilters } from '../model/filter-words.ts';
import { exchangeWords, readyWords, requestWords, seconds } from '../model/exchange-words.ts';
import type { Layer } from '../model/layer.ts';
import type { Remedy } from '../model/remedy.ts';
import type { InterfaceFacts } from '../model/routes.ts';
import { device, routes, sizes, way } from '../model/routes-examples.ts';
import { interfaceOf, type SizeLimit, sizeLimitOf, waysToTarget } from '../model/routes-view.ts';
import { wayWords, interfaceStateWords, sizeLimitWords } from '../model/routes-words.ts';
import {
  endpoint,
  failedWay,
  failsDirectly,
  holderProcess,
  isLocal,
  isReady,
  isWildcard,
  listenersOnPort,
  processWords,
  silentStream,
} from '../model/view.ts';

interface Args extends MatchBase {
  readonly layer: Layer;
  readonly what: string;
  readonly owner: ProcessFacts | null;
  /** The interface by which packets leave, when long ones are lost on the way. */
  readonly lossy: InterfaceFacts | 'unknown' | null;
  readonly facts: readonly string[];
}

/** Accepts, and never answers. */
export const cause = defineCause({
  id: 'timeout-hang',
  group: 'http',
  title: 'The server accepts and never answers',
  layer: 'http',
  severity: 'error',
  needs: ['tcp'],
  hiddenBy: [
    'firewall-reject',
    'firewall-drop',
    'proxy-intercepts',
    'wrong-scheme',
    'sse-legacy',
    'stream-buffered',
    'ipv6-localhost',
    'port-in-use',
    'not-mcp',
    'container-not-running',
    'vpn',
  ],
  match(found): Args | undefined {
    const seen = hangsIn(found);
    if (seen === undefined) return undefined;
    const owner = isLocal(found) ? (holderProcess(found) ?? null) : null;
    const limit = sizeLimitOf(found);
    if (limit !== undefined) return lossyWay(found, limit, seen);
    return {
      ...seen,
      owner,
      lossy: null,
      facts: [...seen.facts, ...unreadFilters(found), ...(owner === null ? [] : [`the port's owner: ${processWords(owner)}`])],
    };
  },
  explain({ what, facts }) {
    return { summary: what, evidence: facts };
  },
  remedies({ owner, layer, lossy }, host) {
    if (lossy !== null) return lossyRemedies(lossy, host);
    return [
      ...lookAt(owner, host),
      layer === 'tools'
        ? {
            kind: 'tell',
            title: "The server's list of tools waits for something that does not come, often a service of its own: read its log.",
          }
        : {
            kind: 'tell',
            title:
              'Restart the server and read its log: it is blocked, stopped, or waits for something that does not come (a lock, a database, a debugger, a prompt).',
          },
    ];
  },
  about: `The connection opens, because the operating system accepts it by itself, and then the program never answers: it is blocked, stopped (Ctrl-Z, a debugger), or
waits for something else. When its queue of waiting connections is full, even new connections stay without an answer.
mcpreach waits longer than clients do, so that slow (\`timeout-slow-start\`) is told from never; an answer that drips without end counts as never.
From another machine it also happens that the network loses long packets without a word (a path MTU black hole): the connection opens, short requests
are answered, long ones and long answers are not. mcpreach then asks the port with requests of several lengths.
By hand: \`curl -m 40 -i -X POST URL\`; on the server's machine \`ps -o pid,stat,etime,args -p PID\` (state T is stopped).`,
  refs: [
    'https://man7.org/linux/man-pages/man2/listen.2.html',
    'https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle#timeouts',
  ],
  examples() {
    const open = { tcp: tcp(attempt('127.0.0.1', 'open')) };
    const hang = (request: 'initialize' | 'tools/list') => failed(request, { stage: 'head', reason: 'timed-out', ms: 30_000 });
    const owner = { kind: 'measured' as const, value: EXAMPLE_PROCESS };
    return {
      fires: [
        {
          title: 'no answer',
          evidence: evidence(target(), {
            ...open,
            direct: unfinished([hang('initialize')]),
            holder: holder({ socket: listener('127.0.0.1'), owner }),
          }),
        },
        {
          title: 'an answer that drips',
          evidence: evidence(target(), {
            ...open,
            direct: unfinished([
              failed('initialize', {
                stage: 'body',
                reason: 'timed-out',
                ms: 30_000,
                head: { status: 200, headers: { 'content-type': 'application/json' } },
              }),
            ]),
          }),
        },
        {
          title: 'long packets are lost on the way',
          evidence: evidence(target('http://203.0.113.9:3000/mcp'), {
            tcp: tcp(attempt('203.0.113.9', 'open')),
            direct: toolsFailed(hang('tools/list')),
            routes: routes([way('203.0.113.9', { device: 'eth0' })], [device('eth0')], { sizes: sizes(1240, 1320) }),
          }),
        },
        { title: 'the tools hang', evidence: evidence(target(), { ...open, direct: toolsFailed(hang('tools/list')) }) },
        {
          title: 'the TLS handshake is not answered',
          evidence: evidence(target('https://127.0.0.1:3000/mcp'), {
            ...open,
            tls: tls({ outcome: { kind: 'timed-out' }, chain: [], trusted: null, nameMatches: null }),
          }),
        },
        {
          title: 'a full queue of connections',
          evidence: evidence(target('http://127.0.0.1:3000/mcp'), {
            tcp: tcp(attempt('127.0.0.1', 'timed-out')),
            machine: machine(listener('127.0.0.1')),
          }),
        },
      ],
      quiet: [
        { title: 'it answers', evidence: evidence(target(), { ...open, direct: ready() }) },
        {
          title: 'a proxy holds back a stream',
          evidence: evidence(target(undefined, { transport: 'sse' }), {
            ...open,
            direct: unfinished([
              failed('sse', {
                stage: 'body',
                reason: 'timed-out',
                head: { status: 200, headers: { server: 'nginx', 'content-type': 'text/event-stream' } },
              }),
            ]),
          }),
        },
        {
          title: 'refused in time',
          evidence: evidence(target(), { ...open, direct: unfinished([answered('initialize', 'not-found', answer(404))]) }),
        },
      ],
    };
  },
});

/** The server hangs only for whom long packets are lost: the network is to be mended, not the server. */
function lossyWay(found: Evidence, limit: SizeLimit, { layer, facts }: Hang): Args {
  const [way] = waysToTarget(found);
  const by = way && interfaceOf(found, way);
  return {
    certainty: 'proved',
    layer,
    what: `The network on the way to ${found.target.display} loses long packets without a word: ${sizeLimitWords(limit)}.`,
    owner: null,
    lossy: by ?? 'unknown',
    facts: [...facts, ...(way === undefined ? [] : [wayWords(way)]), ...(by === undefined ? [] : [interfaceStateWords(by)])],
  };
}

function lossyRemedies(by: InterfaceFacts | 'unknown', { platform }: HostEvidence): readonly Remedy[] {
  const here = by === 'unknown' ? 'the interface' : `${by.name} (it is ${by.mtu ?? 'not known'})`;
  return [
    {
      kind: 'tell',
      title:
        'Have ICMP "fragmentation needed" (IPv6: "packet too big") let through on the way, by the routers and by the server\'s own filter; where that cannot be, have TCP\'s segment size clamped there.',
    },
    { kind: 'tell', title: `To get by until then, set a smaller MTU for ${here}.` },
    ...(by === 'unknown' ? [] : [{ kind: 'run', title: 'See its MTU:', command: seeInterface(platform, by.name) } as const]),
  ];
}

type Hang = Pick<Args, 'certainty' | 'layer' | 'what' | 'facts'>;

function hangsIn(found: Evidence): Hang | undefined {
  const way = failedWay(found);
  const failure = way?.last.failure;
  if (way !== undefined && failure?.reason === 'timed-out' && failure.stage !== 'connect' && failure.stage !== 'proxy') {
    if (silentStream(found)?.proxy != null || isReady(found.otherTransport)) return undefined;
    const { target } = found;
    const drips = failure.head !== null && failure.stage === 'body';
    const what = drips
      ? `${requestWords(way.last)} is answered with a head (HTTP ${failure.head.status}), but the answer does not end within ${seconds(failure.ms)}.`
      : `${target.display} accepts the connection, but does not answer ${way.layer === 'tools' ? 'tools/list' : 'the handshake'} within ${seconds(Math.max(failure.ms, way.handshake.ms))}.`;
    const patient = failure.ms >= target.limitMs || way.handshake.ms >= target.limitMs;
    return {
      certainty: patient ? 'proved' : 'likely',
      layer: way.layer,
      what,
      facts: [...readyWords(way.handshake), exchangeWords(way.last)],
    };
  }
  if (!failsDirectly(found)) return undefined;
  if (found.tls?.outcome.kind === 'timed-out' && way === undefined) {
    const at = endpoint(found.tls.address, found.target.port);
    return {
      certainty: 'likely',
      layer: 'tls',
      what: `${at} accepts the connection, but does not answer the TLS handshake within ${seconds(found.tls.ms)}.`,
      facts: [`${at}: no byte came back to the TLS greeting`],
    };
  }
  return queueFull(found);
}

/** Connections to a listening socket of this machine that stay without an answer: its queue is full, or its program is stopped. */
function queueFull(found: Evidence): Hang | undefined {
  const attempts = found.tcp?.attempts ?? [];
  if (attempts.length === 0 || !isLocal(found) || attempts.some(({ outcome }) => outcome !== 'timed-out')) return undefined;
  const listening = listenersOnPort(found)?.find(({ address }) => isWildcard(address) || attempts.some((one) => one.address === address));
  if (listening === undefined) return undefined;
  const at = attempts.map(({ address, port }) => endpoint(address, port)).join(' and ');
  return {
    certainty: 'likely',
    layer: 'tcp',
    what: `A program listens at ${at}, but takes no more connections: it is blocked or stopped.`,
    facts: [
      `${at} did not answer within ${seconds(Math.max(...attempts.map(({ ms }) => ms)))}`,
      `the system lists a listening socket at ${endpoint(listening.address, listening.port)}`,
    ],
  };
}

function lookAt(owner: ProcessFacts | null, { platform }: HostEvidence): readonly Remedy[] {
  if (owner === null) return [];
  const command =
    platform === 'win32'
      ? `Get-Process -Id ${owner.pid} | Format-List Name,Responding,CPU,StartTime`
      : `ps -o pid,stat,etime,args -p ${owner.pid}`;
  return [{ kind: 'run', title: 'See what the process does (state T means that it is stopped):', command }];
}

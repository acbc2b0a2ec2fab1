import { seePortOwner } from '../facts/commands.ts';
import { askClosedEngine, seeLog } from '../facts/container-commands.ts';
import { defineCause, type MatchBase } from '../model/cause.ts';
import { publishing, runningContainer } from '../model/container-examples.ts';
import { faultOfKind } from '../model/container-fault.ts';
import { closedEngine, engineGaps, publisherFacts, seeInside } from '../model/container-view.ts';
import type { ContainerFacts, EngineKind } from '../model/containers.ts';
import type { PeekEvidence } from '../model/evidence.ts';
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
  names,
  NOTHING_AROUND,
  ready,
  target,
  tcp,
  tls,
  unfinished,
} from '../model/examples.ts';
import { unreadFilters } from '../model/filter-words.ts';
import { endpoint, failsDirectly, holderProcess, isLocal, processWords } from '../model/view.ts';
import { brokenConnection } from '../model/broken-connection.ts';
import type { Remedy } from '../model/remedy.ts';

interface Args extends MatchBase {
  readonly address: string;
  readonly port: number;
  readonly local: boolean;
  readonly how: 'reset' | 'closed';
  readonly when: string;
  readonly isForwarder: boolean;
  /** The container behind it, when an engine told and could not say what listens inside. */
  readonly container: ContainerFacts | null;
  /** An engine that this user may not ask. */
  readonly closed: EngineKind | null;
  readonly facts: readonly string[];
}

/** Accepted, then closed or reset before any answer. */
export const cause = defineCause({
  id: 'connection-reset',
  group: 'network',
  title: 'The connection is closed before any answer',
  layer: 'http',
  severity: 'error',
  needs: ['tcp'],
  hiddenBy: [
    'firewall-reject',
    'firewall-drop',
    'crash-on-boot',
    'container-loopback',
    'container-port-unpublished',
    'container-not-running',
    'wrong-scheme',
    'tls-client-cert',
    'tls-protocol',
    'port-in-use',
    'not-mcp',
    'wrong-port',
    'proxy-intercepts',
    'proxy-down',
  ],
  match(found): Args | undefined {
    if (!failsDirectly(found) || (found.peek ?? []).some(({ speaks }) => EXPLAINED.has(speaks))) return undefined;
    const broken = brokenConnection(found);
    // Nothing listens in the container behind the port: that is a server which does not run.
    if (broken === undefined || faultOfKind(found, 'nobody-inside') !== undefined) return undefined;
    const { target, peek } = found;
    const dark = faultOfKind(found, 'dark');
    const owner = holderProcess(found);
    const facts = [broken.fact];
    for (const { speaks } of peek ?? []) facts.push(PEEKED[speaks] ?? `the port by itself: ${speaks}`);
    facts.push(...unreadFilters(found));
    if (owner !== undefined) facts.push(`the port's owner: ${processWords(owner)}`);
    if (dark !== undefined) facts.push(...publisherFacts(dark));
    if (found.containers !== undefined) facts.push(...engineGaps(found.containers));
    return {
      certainty: 'likely',
      layer: broken.layer,
      address: endpoint(broken.address, target.port),
      port: target.port,
      local: isLocal(found),
      how: broken.how,
      when: broken.when,
      isForwarder: dark !== undefined || /docker|rootlessport|slirp4netns|pasta|wslrelay/.test(owner?.name ?? ''),
      container: dark?.container ?? null,
      closed: closedEngine(found.containers),
      facts,
    };
  },
  explain({ address, how, when, facts }) {
    return {
      summary: `${address} accepts the connection and ${how === 'reset' ? 'resets' : 'closes'} it ${when}, without any answer.`,
      evidence: facts,
    };
  },
  remedies({ local, port, isForwarder, container, closed }, { platform }): readonly Remedy[] {
    if (container !== null) {
      return [
        {
          kind: 'run',
          title:
            'See where something listens inside the container (0100007F is 127.0.0.1, ports are hexadecimal), or let doctor --exec look:',
          command: seeInside(container),
        },
        {
          kind: 'tell',
          title: 'Only 127.0.0.1 there: the server must listen on the address of the container. Nothing there: it has not started.',
        },
        { kind: 'run', title: 'Read what it printed:', command: seeLog(container) },
        ...askClosedEngine(closed),
      ];
    }
    if (isForwarder) {
      return [
        {
          kind: 'run',
          title: 'A container publishes this port. See whether it runs, and read its output:',
          command: `${closed === null ? '' : 'sudo '}docker ps -a --filter publish=${port}`,
        },
        {
          kind: 'tell',
          title:
            'Check that the server inside the container listens on the published inner port, at the address of the container and not on its loopback.',
        },
      ];
    }
    if (!local) {
      return [
        {
          kind: 'tell',
          title:
            "Read the server's log at this moment. If nothing arrives there, something on the way ends the connection: a load balancer, a firewall or a VPN.",
        },
      ];
    }
    return [
      { kind: 'tell', title: "Read the server's output while a client connects: a crash in its request handler shows there." },
      { kind: 'run', title: 'See which program accepts on this port:', command: seePortOwner(platform, port) },
    ];
  },
  about: `A program accepted the TCP connection and ended it before it sent a single byte of an answer: it crashed on the request, it is a
forwarder (a container's published port, a tunnel, a load balancer) with nobody behind it, or something on the way cut the connection.
mcpreach sends a whole request, listens to what the port says by itself, and asks the system who holds it.
By hand: \`curl -v URL\` says "Empty reply from server" or "Connection reset by peer"; the owner is shown by \`ss -ltnp\` (Linux),
\`lsof -nP -iTCP -sTCP:LISTEN\` (macOS), \`Get-NetTCPConnection\` (Windows).`,
  refs: ['https://www.rfc-editor.org/rfc/rfc9293#section-3.5.2', 'https://nodejs.org/api/errors.html#common-system-errors'],
  examples,
});

/** What the port itself says gives a better reason. */
const EXPLAINED: ReadonlySet<PeekEvidence['speaks']> = new Set([
  'tls',
  'ssh',
  'smtp',
  'ftp',
  'redis',
  'mysql',
  'postgres',
  'imap',
  'vnc',
  'banner',
]);

const PEEKED: Readonly<Partial<Record<PeekEvidence['speaks'], string>>> = {
  close: 'it closes a connection on which nothing was sent, too',
  silence: 'by itself the port says nothing',
  http: 'it answers a plain HEAD request in HTTP, so the request itself is what it ends on',
};

function examples() {
  const open = { dns: names('127.0.0.1'), tcp: tcp(attempt('127.0.0.1', 'open')), ...NOTHING_AROUND };
  const cut = unfinished([failed('server/discover', { stage: 'head', reason: 'closed', code: 'ECONNRESET' })]);
  const owner = (name: string) =>
    holder({ socket: listener('127.0.0.1'), owner: { kind: 'measured' as const, value: { ...EXAMPLE_PROCESS, name } } });
  const peeked = (speaks: PeekEvidence['speaks']): readonly PeekEvidence[] => [
    { address: '127.0.0.1', port: 3000, speaks, banner: null, ms: 3 },
  ];
  const listening = { ...open, machine: machine(listener('127.0.0.1')), holder: owner('node') };
  const remote = { tcp: tcp(attempt('203.0.113.9', 'open', 443)) };
  return {
    fires: [
      { title: 'closed on the request', evidence: evidence(target(), { ...listening, direct: cut, peek: peeked('silence') }) },
      {
        title: 'a published container port with nobody behind it',
        evidence: evidence(target(), { ...listening, holder: owner('docker-proxy'), direct: cut, peek: peeked('close') }),
      },
      {
        title: 'a container whose inside cannot be read',
        evidence: evidence(target(), {
          ...listening,
          direct: cut,
          peek: peeked('close'),
          containers: publishing(runningContainer({ listening: { kind: 'not-measured', why: 'it runs on the kernel of Docker Desktop' } })),
        }),
      },
      {
        title: 'closed during the TLS handshake',
        evidence: evidence(target('https://203.0.113.9/mcp'), {
          ...remote,
          tls: tls({ outcome: { kind: 'closed', code: 'ECONNRESET' }, chain: [], trusted: null, nameMatches: null }),
        }),
      },
      {
        title: 'reset while connecting',
        evidence: evidence(target('https://203.0.113.9/mcp'), { tcp: tcp(attempt('203.0.113.9', 'reset', 443)) }),
      },
    ],
    quiet: [
      { title: 'it answers', evidence: evidence(target(), { ...listening, direct: ready() }) },
      { title: 'a Redis server closes on our request', evidence: evidence(target(), { ...listening, direct: cut, peek: peeked('redis') }) },
      { title: 'a TLS port spoken to in plain HTTP', evidence: evidence(target(), { ...listening, direct: cut, peek: peeked('tls') }) },
      {
        title: 'an answer, though not the right one',
        evidence: evidence(target(), { ...listening, direct: unfinished([answered('initialize', 'server-error', answer(500))]) }),
      },
    ],
  };
}

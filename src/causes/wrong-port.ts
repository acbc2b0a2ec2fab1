import { seeListeners } from '../facts/commands.ts';
import { defineCause, type MatchBase } from '../model/cause.ts';
import type { Evidence, Handshake, ListeningSocket, PortsEvidence, StartEvidence } from '../model/evidence.ts';
import {
  answer,
  answered,
  attempt,
  evidence,
  EXAMPLE_PROCESS,
  EXAMPLE_SERVER,
  holder,
  listener,
  machine,
  names,
  NOTHING_AROUND,
  ready,
  target,
  tcp,
  unfinished,
} from '../model/examples.ts';
import { answersAsStranger } from '../model/strangers.ts';
import {
  addressesOf,
  besideTarget,
  endpoint,
  failsDirectly,
  isReady,
  nameFits,
  openAttempts,
  portOf,
  processWords,
} from '../model/view.ts';

interface Args extends MatchBase {
  readonly configured: number;
  readonly port: number;
  readonly server: string;
  readonly url: string;
  readonly facts: readonly string[];
}

/** An MCP server of this machine answers on another port than the configured one. */
export const cause = defineCause({
  id: 'wrong-port',
  group: 'process',
  title: 'The server listens on another port',
  layer: 'tcp',
  severity: 'error',
  needs: ['tcp'],
  hiddenBy: [
    'crash-on-boot',
    'stream-buffered',
    'wsl-boundary',
    'firewall-reject',
    'firewall-drop',
    'container-loopback',
    'container-port-unpublished',
    'container-not-running',
    'container-network',
    'firewall-reject',
    'firewall-drop',
  ],
  match(found): Args | undefined {
    if (!failsDirectly(found) || (openAttempts(found).length > 0 && !answersAsStranger(found))) return undefined;
    const { target } = found;
    const started = startedElsewhere(found);
    if (started !== null) {
      const address = started.route.kind === 'direct' ? started.route.address : target.host;
      const port = portOf(started);
      const facts = [`started with its own command, the server answered at ${endpoint(address, port)}`];
      return {
        certainty: 'proved',
        configured: target.port,
        port,
        server: serverWords(started),
        url: urlOf(found, started, address),
        facts,
      };
    }
    if (found.start?.outcome.kind === 'answers') return undefined;
    // A process that is just being started for this very port explains more than a neighbour.
    if ((found.holder?.starting.length ?? 0) > 0) return undefined;
    const all = found.ports?.found ?? [];
    const fitting = all.filter(({ handshake }) => nameFits(target.name, handshake));
    const beside = besideTarget(found);
    // A server on this very port at another address is the nearer one, unless it shows nothing but a wall and the name fits elsewhere.
    if (beside !== undefined && (beside.ready || fitting.length !== 1)) return undefined;
    const one = all.length === 1 ? all[0] : fitting.length === 1 ? fitting[0] : undefined;
    if (one === undefined) return undefined;
    const { port, address, owner, handshake } = one;
    const facts = [`${endpoint(address, port)} completes the MCP handshake as ${serverWords(handshake)}`];
    if (owner.kind === 'measured') facts.push(`owner of port ${port}: ${processWords(owner.value)}`);
    facts.push(...targetFacts(found));
    if (all.length > 1) facts.push(`the other ${all.length - 1} MCP servers here have another name than ${target.name}`);
    // A name that the only candidate does not bear leaves room for doubt.
    const certain = fitting.length === 1 || (all.length === 1 && target.name === null);
    return {
      certainty: certain ? 'proved' : 'likely',
      configured: target.port,
      port,
      server: serverWords(handshake),
      url: urlOf(found, handshake, address),
      facts,
    };
  },
  explain({ configured, port, server, facts }) {
    return {
      summary: `No MCP server answers on port ${configured}, but ${server} answers on port ${port} of this machine.`,
      evidence: facts,
    };
  },
  remedies({ configured, port, url }, { platform }) {
    return [
      { kind: 'edit', title: `Use the port at which the server answers (${port}):`, field: 'url', value: url },
      { kind: 'tell', title: `Or start the server on port ${configured}: its --port option or PORT variable, where it has one.` },
      { kind: 'run', title: 'See all listening ports and their owners:', command: seeListeners(platform) },
    ];
  },
  about: `The URL names one port, and the server listens on another: a changed default, a \`PORT\` variable, or a server that takes the
next free port when its own is held.
mcpreach asks the other listening sockets of this machine (never those of another host, never with your credentials) for an MCP
handshake, and leaves out ports that other targets of the same run name. With several answers it claims the one whose name fits.
By hand: read what the server prints at its start, or list the listeners with \`ss -ltnp\` (Linux), \`lsof -nP -iTCP -sTCP:LISTEN\`
(macOS), \`Get-NetTCPConnection -State Listen\` (Windows).`,
  refs: ['https://modelcontextprotocol.io/specification/2025-11-25/basic/transports', 'https://man7.org/linux/man-pages/man8/ss.8.html'],
  examples,
});

function startedElsewhere({ start, target }: Evidence): Handshake | null {
  if (start?.outcome.kind !== 'elsewhere' || !isReady(start.outcome.handshake)) return null;
  return portOf(start.outcome.handshake) === target.port ? null : start.outcome.handshake;
}

function serverWords({ result }: Handshake): string {
  const { name, version } = result.server ?? { name: null, version: null };
  return name === null ? 'an MCP server without a name' : `"${name}"${version === null ? '' : ` ${version}`}`;
}

/** The URL as it was spoken to; with the literal address where the target's own host does not lead there. */
function urlOf(found: Evidence, handshake: Handshake, address: string): string {
  const port = portOf(handshake);
  const listeners: readonly ListeningSocket[] = found.machine?.sockets.kind === 'measured' ? found.machine.sockets.value : [];
  const leadsThere = addressesOf(found).some(
    (one) =>
      one.address === address ||
      // A socket on :: usually takes IPv4 as well.
      listeners.some((socket) => socket.port === port && socket.address === '::' && socket.v6Only !== true && one.family === 4),
  );
  if (leadsThere) return handshake.url;
  const url = new URL(handshake.url);
  url.hostname = address.includes(':') ? `[${address}]` : address;
  return url.href;
}

function targetFacts({ tcp, target }: Evidence): readonly string[] {
  return (tcp?.attempts ?? []).map(({ address, outcome }) =>
    outcome === 'open' ? `${endpoint(address, target.port)} is open and is no MCP server` : `${endpoint(address, target.port)} ${outcome}`,
  );
}

function examples() {
  const refused = {
    dns: names('127.0.0.1'),
    tcp: tcp(attempt('127.0.0.1', 'refused')),
    ...NOTHING_AROUND,
    machine: machine(listener('127.0.0.1', 3001)),
  };
  const at = (port: number, name: string): PortsEvidence['found'][number] => ({
    port,
    address: '127.0.0.1',
    owner: { kind: 'measured', value: EXAMPLE_PROCESS },
    handshake: ready({ url: `http://localhost:${port}/mcp`, result: { kind: 'ready', server: { ...EXAMPLE_SERVER, name }, tools: null } }),
  });
  const ports = (...found: PortsEvidence['found'][number][]): PortsEvidence => ({ looked: 3, ownedByOthers: [], found });
  const stranger = {
    ...refused,
    tcp: tcp(attempt('127.0.0.1', 'open')),
    machine: machine(listener('127.0.0.1'), listener('127.0.0.1', 3001)),
    holder: holder({ socket: listener('127.0.0.1'), owner: { kind: 'measured', value: { ...EXAMPLE_PROCESS, command: 'vite' } } }),
    direct: unfinished([answered('server/discover', 'not-found', answer(404))]),
    paths: { tried: [], found: null, home: { status: 200, kind: 'html' as const, server: null, product: 'a Vite dev server' } },
  };
  const start: StartEvidence = {
    command: 'node server.js',
    outcome: { kind: 'elsewhere', sockets: [listener('127.0.0.1', 3001)], handshake: ready({ url: 'http://localhost:3001/mcp' }) },
    stderr: [],
    stdout: [],
    ms: 600,
  };
  return {
    fires: [
      { title: 'one MCP server, on another port', evidence: evidence(target(), { ...refused, ports: ports(at(3001, 'everything')) }) },
      {
        title: 'two, and the name tells which',
        evidence: evidence(target(undefined, { name: 'weather-mcp' }), {
          ...refused,
          ports: ports(at(3001, 'everything'), at(3002, 'weather')),
        }),
      },
      { title: 'a stranger on the configured port', evidence: evidence(target(), { ...stranger, ports: ports(at(3001, 'everything')) }) },
      { title: 'its own start command listens elsewhere', evidence: evidence(target(), { ...refused, start }) },
    ],
    quiet: [
      {
        title: 'a young process is starting for the configured port',
        evidence: evidence(target(), {
          ...refused,
          ports: ports(at(3001, 'everything')),
          holder: { ...NOTHING_AROUND.holder, starting: [{ ...EXAMPLE_PROCESS, command: 'node server.js --port 3000' }] },
        }),
      },
      { title: 'nothing else answers', evidence: evidence(target(), { ...refused, ports: ports() }) },
      {
        title: 'two, and no name to tell them apart',
        evidence: evidence(target(), { ...refused, ports: ports(at(3001, 'everything'), at(3002, 'weather')) }),
      },
      {
        title: 'the port is right',
        evidence: evidence(target(), { dns: refused.dns, tcp: tcp(attempt('127.0.0.1', 'open')), direct: ready() }),
      },
    ],
  };
}

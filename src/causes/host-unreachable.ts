import { SEE_FILTERS, seeNeighbours, seeRoute } from '../facts/commands.ts';
import { defineCause, type MatchBase } from '../model/cause.ts';
import type { Evidence, TcpAttempt, TcpOutcome } from '../model/evidence.ts';
import { unreadFilters, unreadSelinux } from '../model/filter-words.ts';
import { unusedProxy } from '../model/proxy-way.ts';
import { attempt, evidence, names, NOTHING_AROUND, ready, sandbox, target, tcp } from '../model/examples.ts';
import { device, routes, way } from '../model/routes-examples.ts';
import { waysToTarget } from '../model/routes-view.ts';
import { detourWords, factsOnWay, surroundingWords } from '../model/routes-words.ts';
import { isLoopbackDown, ownWords } from '../model/sandbox-view.ts';
import { endpoint, failsDirectly, isLoopback } from '../model/view.ts';
import { type EndOfWay, endOfWay } from '../model/way-end.ts';
import type { Remedy } from '../model/remedy.ts';

type Silence = EndOfWay['kind'] | 'not-permitted' | 'loopback-down' | 'unreachable' | 'silent';

interface Args extends MatchBase {
  readonly host: string;
  readonly address: string;
  readonly port: number;
  readonly kind: Silence;
  readonly code: string;
  readonly seconds: string;
  /** The next hop, the interface or the route entry that the way ends at; empty when that is not known. */
  readonly where: string;
  /** Another way by which an MCP server answers at the same address, in words. */
  readonly detour: string | null;
  /** Whether packet filters of this machine may be the reason and could not be read. */
  readonly unread: boolean;
  readonly facts: readonly string[];
  /** Steps that the system's proxy settings suggest. */
  readonly proxied: readonly Remedy[];
}

const CLOSED: ReadonlySet<TcpOutcome> = new Set(['unreachable', 'timed-out', 'no-local-address', 'not-permitted']);

/** No route, no host, or silence. */
export const cause = defineCause({
  id: 'host-unreachable',
  group: 'network',
  title: 'The host cannot be reached',
  layer: 'tcp',
  severity: 'error',
  needs: ['tcp'],
  hiddenBy: [
    'firewall-reject',
    'firewall-drop',
    'crash-on-boot',
    'ipv6-localhost',
    'bound-to-loopback',
    'wrong-host',
    'wrong-port',
    'timeout-hang',
    'vpn',
    'client-policy',
    'wsl-boundary',
    'container-loopback',
    'container-not-running',
    'container-network',
  ],
  match(found): Args | undefined {
    const { attempts } = found.tcp;
    if (!failsDirectly(found) || attempts.length === 0 || !attempts.every(({ outcome }) => CLOSED.has(outcome))) return undefined;
    // What the system said outright is worth more than silence.
    const by = (outcome: TcpOutcome) => attempts.find((one) => one.outcome === outcome);
    const told = by('not-permitted') ?? by('unreachable') ?? by('timed-out') ?? attempts[0]!;
    const way = waysToTarget(found).find(({ address }) => address === told.address);
    const detour = way?.detours.find(({ outcome }) => outcome === 'answered');
    const { kind, where } = seenHere(found, told) ?? endOfWay(found, way) ?? { kind: byCode(told), where: '' };
    const unused = unusedProxy(found);
    return {
      certainty: PROVED.has(kind) || detour !== undefined ? 'proved' : 'likely',
      host: found.target.host,
      address: told.address,
      port: found.target.port,
      kind,
      code: told.code ?? '',
      seconds: (told.ms / 1000).toFixed(1),
      where,
      detour: detour === undefined ? null : detourWords(detour, told.address),
      unread: unreadFilters(found).length > 0,
      facts: [
        ...attempts.map(({ address, port, outcome, code, ms }) =>
          outcome === 'timed-out'
            ? `${endpoint(address, port)} did not answer within ${(ms / 1000).toFixed(1)} s`
            : `${endpoint(address, port)} ${outcome} (${code ?? 'no code'}) after ${Math.round(ms)} ms`,
        ),
        ...waysToTarget(found).flatMap((one) => factsOnWay(found, one)),
        ...surroundingWords(found, told),
        ...(found.sandbox === undefined ? [] : [ownWords(found.sandbox)]),
        ...(kind === 'loopback-down' ? ['the interface lo of this network namespace is down'] : []),
        ...unused.facts,
        ...unreadFilters(found),
        ...unreadSelinux(found),
      ],
      proxied: unused.remedies,
    };
  },
  explain({ host, address, port, kind, code, seconds, where: place, detour, facts }) {
    const where = host === address ? endpoint(address, port) : `${host} (${endpoint(address, port)})`;
    const summaries: Readonly<Record<Silence, string>> = {
      'not-permitted': `Something on this machine forbids connections to ${where} (${code}): a sandbox or a packet filter.`,
      'loopback-down': `The loopback interface is down here, so that ${where} cannot be reached (${code}): this process is in a network of its own that was never set up.`,
      'no-route': `This machine has no route to ${where} (${code}): the network or VPN that leads there is not connected.`,
      unreachable: `${where} was reported unreachable (${code}): the host is off, or something on the way rejects the connection.`,
      'refusing-route': `${place} on this machine keeps connections to ${where} from leaving: somebody set it to refuse them (${code}).`,
      'no-carrier': `Packets to ${where} leave by ${place}, which is not connected: no cable, no radio link, nothing on its other side.`,
      'no-gateway': `The gateway ${place} does not answer on its own network (ARP or neighbour discovery), so that nothing gets to ${where} (${code}).`,
      'no-host': `Nobody in the network of ${place} answers for ${where} (ARP or neighbour discovery): the host is off, or the address is wrong.`,
      silent: `${where} does not answer: no refusal and no error within ${seconds} s, as from a host that is off or a filter that drops.`,
    };
    return { summary: `${summaries[kind]}${detour === null ? '' : ` Meanwhile ${detour}.`}`, evidence: facts };
  },
  remedies(args, { platform }): readonly Remedy[] {
    const look: Remedy = { kind: 'run', title: "Or look for a rule of this machine's own packet filter:", command: SEE_FILTERS };
    return args.unread ? [...stepsFor(args, platform), look] : stepsFor(args, platform);
  },
  about: `The connection was neither accepted nor refused. Either the system or a router says that there is no way (\`ENETUNREACH\`,
\`EHOSTUNREACH\`), or nobody says anything until the time is over (\`ETIMEDOUT\`): a host that is off, a wrong address, a filter that drops.
\`EPERM\` or \`EACCES\` come from this machine itself. On macOS 15 and later a program without the Local Network permission gets \`EHOSTUNREACH\` for
hosts of its own network, while everything that was started from Terminal is let through.
mcpreach dials every address of the host by itself for four seconds and keeps silence and errors apart, then asks the system for the route:
which interface and gateway, whether a route or rule refuses on purpose, whether the interface is connected and the next hop answers.
By hand: \`ip route get ADDRESS\` (Linux), \`route -n get ADDRESS\` (macOS), \`Find-NetRoute -RemoteIPAddress ADDRESS\` (Windows), then
\`nc -vz HOST PORT\` or \`Test-NetConnection HOST -Port PORT\`.`,
  refs: [
    'https://man7.org/linux/man-pages/man2/connect.2.html',
    'https://www.rfc-editor.org/rfc/rfc1122#section-4.2.3.9',
    'https://developer.apple.com/documentation/technotes/tn3179-understanding-local-network-privacy',
  ],
  examples() {
    const about = target('https://203.0.113.9/mcp');
    const at = (outcome: TcpOutcome) => attempt('203.0.113.9', outcome, 443);
    const refused = way('203.0.113.9', { kind: 'blackhole', prefix: '203.0.113.0/24' });
    const routeless = { ...at('unreachable'), code: 'ENETUNREACH' };
    return {
      fires: [
        { title: 'silence', evidence: evidence(about, { tcp: tcp({ ...at('timed-out'), ms: 4000 }) }) },
        { title: 'the host is reported unreachable', evidence: evidence(about, { tcp: tcp(at('unreachable')) }) },
        { title: 'no route', evidence: evidence(about, { tcp: tcp(routeless) }) },
        {
          title: 'a route that refuses',
          evidence: evidence(about, { tcp: tcp(at('no-local-address')), routes: routes([refused], [device('eth0')]) }),
        },
        {
          title: 'the gateway is gone',
          evidence: evidence(about, {
            tcp: tcp(at('unreachable')),
            routes: routes([way('203.0.113.9', { device: 'eth0', gateway: '192.168.1.1' }, { neighbour: 'failed' })], [device('eth0')]),
          }),
        },
        {
          title: 'the cable is out',
          evidence: evidence(about, {
            tcp: tcp(at('timed-out')),
            routes: routes([way('203.0.113.9', { device: 'eth0' })], [device('eth0', { carrier: false })]),
          }),
        },
        {
          title: 'the loopback interface is down',
          evidence: evidence(target(), {
            ...NOTHING_AROUND,
            dns: names('127.0.0.1'),
            tcp: tcp({ ...attempt('127.0.0.1', 'unreachable'), code: 'ENETUNREACH' }),
            sandbox: sandbox({ interfaces: { kind: 'measured', value: [{ name: 'lo', up: false }] } }),
          }),
        },
        { title: 'forbidden on this machine', evidence: evidence(about, { tcp: tcp(at('not-permitted')) }) },
        {
          title: 'both families fail in their own way',
          evidence: evidence(target('https://mcp.corp.test/mcp'), {
            dns: names('2001:db8::9', '203.0.113.9'),
            tcp: tcp({ ...attempt('2001:db8::9', 'unreachable', 443), code: 'ENETUNREACH' }, at('timed-out')),
          }),
        },
      ],
      quiet: [
        { title: 'refused', evidence: evidence(about, { tcp: tcp(at('refused')) }) },
        {
          title: 'one of two addresses works',
          evidence: evidence(target('http://mcp.corp.test:3000/mcp'), {
            dns: names('2001:db8::9', '203.0.113.9'),
            tcp: tcp(attempt('2001:db8::9', 'unreachable'), attempt('203.0.113.9', 'open')),
            direct: ready(),
          }),
        },
      ],
    };
  },
});

const PROVED: ReadonlySet<Silence> = new Set(['no-route', 'loopback-down', 'refusing-route', 'no-carrier', 'no-gateway', 'no-host']);

function byCode({ code, outcome }: TcpAttempt): Silence {
  if (outcome === 'not-permitted') return 'not-permitted';
  if (outcome === 'timed-out') return 'silent';
  return code === 'ENETUNREACH' || code === 'ENETDOWN' || outcome === 'no-local-address' ? 'no-route' : 'unreachable';
}

/** Whether the way ends before it begins. */
function seenHere(found: Evidence, { address }: TcpAttempt): { readonly kind: Silence; readonly where: string } | undefined {
  return isLoopbackDown(found) && isLoopback(address) ? { kind: 'loopback-down', where: '' } : undefined;
}

/** What to do about each kind, best first. */
function stepsFor({ kind, address, port, where: place, proxied }: Args, platform: NodeJS.Platform): readonly Remedy[] {
  const route: Remedy = { kind: 'run', title: 'See which way packets to it take:', command: seeRoute(platform, address) };
  const remote: Remedy = {
    kind: 'tell',
    title: `Check that the host is on, that the address is right, and that its firewall and cloud security group let port ${port} in.`,
  };
  switch (kind) {
    case 'not-permitted':
      return [
        {
          kind: 'tell',
          title: `Allow outgoing connections to ${endpoint(address, port)} for this program, in the sandbox, container policy or packet filter that applies to it.`,
        },
      ];
    case 'loopback-down':
      return [
        { kind: 'run', title: 'Bring it up, inside that network:', command: 'ip link set lo up' },
        { kind: 'tell', title: 'If the server runs outside that network, start this program outside it as well.' },
      ];
    case 'no-route':
      return [...proxied, { kind: 'tell', title: 'Connect the network or VPN through which the host is reached.' }, route];
    case 'refusing-route':
      return [
        { kind: 'tell', title: `Find out what set it (a VPN's kill switch, an administrator's script), and have it changed there.` },
        route,
      ];
    case 'no-carrier':
      return [{ kind: 'tell', title: `Connect ${place}, or the network it belongs to.` }, route];
    case 'no-gateway':
    case 'no-host':
      return [
        kind === 'no-host'
          ? { kind: 'tell', title: 'Check that the host is on and in this network, and that its address is still this one.' }
          : { kind: 'tell', title: `Check that ${place} is on, or connect to the network again so that the right gateway is learned.` },
        { kind: 'run', title: 'See who answers on this network:', command: seeNeighbours(platform) },
        route,
      ];
    case 'unreachable':
      return platform === 'darwin'
        ? [
            ...proxied,
            remote,
            {
              kind: 'tell',
              title: 'For a host of the local network: allow the client under System Settings, Privacy & Security, Local Network.',
            },
            route,
          ]
        : [...proxied, remote, route];
    case 'silent':
      return [...proxied, remote, { kind: 'tell', title: 'If it is reached through a VPN, connect that first.' }, route];
  }
}

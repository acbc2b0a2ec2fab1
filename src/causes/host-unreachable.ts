import { SEE_FILTERS, seeRoute } from '../facts/commands.ts';
import { defineCause, type MatchBase } from '../model/cause.ts';
import type { TcpOutcome } from '../model/evidence.ts';
import { unreadFilters } from '../model/filter-words.ts';
import { attempt, evidence, names, ready, target, tcp } from '../model/examples.ts';
import { endpoint, failsDirectly } from '../model/view.ts';
import type { Remedy } from '../model/remedy.ts';

type Silence = 'not-permitted' | 'no-route' | 'unreachable' | 'silent';

interface Args extends MatchBase {
  readonly host: string;
  readonly address: string;
  readonly port: number;
  readonly kind: Silence;
  readonly code: string;
  readonly seconds: string;
  /** Whether packet filters of this machine may be the reason and could not be read. */
  readonly unread: boolean;
  readonly facts: readonly string[];
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
  ],
  match(found): Args | undefined {
    const { attempts } = found.tcp;
    if (!failsDirectly(found) || attempts.length === 0 || !attempts.every(({ outcome }) => CLOSED.has(outcome))) return undefined;
    // What the system said outright is worth more than silence.
    const by = (outcome: TcpOutcome) => attempts.find((one) => one.outcome === outcome);
    const told = by('not-permitted') ?? by('unreachable') ?? by('timed-out') ?? attempts[0]!;
    const isRouteless = told.code === 'ENETUNREACH' || told.code === 'ENETDOWN' || told.outcome === 'no-local-address';
    const kind: Silence =
      told.outcome === 'not-permitted'
        ? 'not-permitted'
        : told.outcome === 'timed-out'
          ? 'silent'
          : isRouteless
            ? 'no-route'
            : 'unreachable';
    return {
      certainty: kind === 'no-route' ? 'proved' : 'likely',
      host: found.target.host,
      address: told.address,
      port: found.target.port,
      kind,
      code: told.code ?? '',
      seconds: (told.ms / 1000).toFixed(1),
      unread: unreadFilters(found).length > 0,
      facts: [
        ...attempts.map(({ address, port, outcome, code, ms }) =>
          outcome === 'timed-out'
            ? `${endpoint(address, port)} did not answer within ${(ms / 1000).toFixed(1)} s`
            : `${endpoint(address, port)} ${outcome} (${code ?? 'no code'}) after ${Math.round(ms)} ms`,
        ),
        ...unreadFilters(found),
      ],
    };
  },
  explain({ host, address, port, kind, code, seconds, facts }) {
    const where = host === address ? endpoint(address, port) : `${host} (${endpoint(address, port)})`;
    const summaries: Readonly<Record<Silence, string>> = {
      'not-permitted': `Something on this machine forbids connections to ${where} (${code}): a sandbox or a packet filter.`,
      'no-route': `This machine has no route to ${where} (${code}): the network or VPN that leads there is not connected.`,
      unreachable: `${where} was reported unreachable (${code}): the host is off, or something on the way rejects the connection.`,
      silent: `${where} does not answer: no refusal and no error within ${seconds} s, as from a host that is off or a filter that drops.`,
    };
    return { summary: summaries[kind], evidence: facts };
  },
  remedies({ kind, address, port, unread }, { platform }): readonly Remedy[] {
    const steps = stepsFor(kind, address, port, platform);
    return unread
      ? [...steps, { kind: 'run', title: "Or look for a rule of this machine's own packet filter:", command: SEE_FILTERS }]
      : steps;
  },
  about: `The connection was neither accepted nor refused. Either the system or a router says that there is no way (\`ENETUNREACH\`,
\`EHOSTUNREACH\`), or nobody says anything until the time is over (\`ETIMEDOUT\`): a host that is off, a wrong address, a filter that drops.
\`EPERM\` or \`EACCES\` come from this machine itself.
mcpreach dials every address of the host by itself for four seconds and keeps silence and errors apart.
By hand: \`ip route get ADDRESS\` (Linux), \`route -n get ADDRESS\` (macOS), \`Find-NetRoute -RemoteIPAddress ADDRESS\` (Windows), then
\`nc -vz HOST PORT\` or \`Test-NetConnection HOST -Port PORT\`.`,
  refs: ['https://man7.org/linux/man-pages/man2/connect.2.html', 'https://www.rfc-editor.org/rfc/rfc1122#section-4.2.3.9'],
  examples() {
    const about = target('https://203.0.113.9/mcp');
    const at = (outcome: TcpOutcome) => attempt('203.0.113.9', outcome, 443);
    const routeless = { ...at('unreachable'), code: 'ENETUNREACH' };
    return {
      fires: [
        { title: 'silence', evidence: evidence(about, { tcp: tcp({ ...at('timed-out'), ms: 4000 }) }) },
        { title: 'the host is reported unreachable', evidence: evidence(about, { tcp: tcp(at('unreachable')) }) },
        { title: 'no route', evidence: evidence(about, { tcp: tcp(routeless) }) },
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

/** What to do about each kind, best first. */
function stepsFor(kind: Silence, address: string, port: number, platform: NodeJS.Platform): readonly Remedy[] {
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
    case 'no-route':
      return [{ kind: 'tell', title: 'Connect the network or VPN through which the host is reached.' }, route];
    case 'unreachable':
      return platform === 'darwin'
        ? [
            remote,
            {
              kind: 'tell',
              title: 'For a host of the local network: allow the client under System Settings, Privacy & Security, Local Network.',
            },
            route,
          ]
        : [remote, route];
    case 'silent':
      return [remote, { kind: 'tell', title: 'If it is reached through a VPN, connect that first.' }, route];
  }
}

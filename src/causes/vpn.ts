import { seeInterface, seeRoute } from '../facts/commands.ts';
import { defineCause, type Certainty, type MatchBase } from '../model/cause.ts';
import type { Evidence, TcpAttempt } from '../model/evidence.ts';
import { attempt, evidence, target, tcp } from '../model/examples.ts';
import type { InterfaceFacts, Way } from '../model/routes.ts';
import { device, routes, way } from '../model/routes-examples.ts';
import {
  interfaceOf,
  interfaceStateWords,
  interfaceWords,
  isTunnel,
  trafficWords,
  unreachedAttempts,
  waysToTarget,
  wayWords,
} from '../model/routes-view.ts';
import { endpoint, failsDirectly } from '../model/view.ts';
import type { Remedy } from '../model/remedy.ts';

/** How a tunnel fails. */
type Failing = 'down' | 'drops' | 'silent' | 'no-network';

interface Args extends MatchBase {
  readonly at: string;
  readonly address: string;
  readonly tunnel: InterfaceFacts;
  readonly failing: Failing;
  readonly facts: readonly string[];
}

/** The route to the target goes through a tunnel and fails there. */
export const cause = defineCause({
  id: 'vpn',
  group: 'network',
  title: 'The tunnel on the way does not carry the connection',
  layer: 'tcp',
  severity: 'error',
  needs: ['tcp', 'routes'],
  hiddenBy: ['crash-on-boot', 'ipv6-localhost', 'bound-to-loopback', 'wrong-host', 'wrong-port'],
  match(found): Args | undefined {
    if (!failsDirectly(found)) return undefined;
    return waysToTarget(found)
      .flatMap((one) => judgeWay(found, one) ?? [])
      .sort((a, b) => Number(b.certainty === 'proved') - Number(a.certainty === 'proved'))[0];
  },
  explain({ at, tunnel, failing, facts }) {
    const by = `The route to ${at} goes through the ${interfaceWords(tunnel)}`;
    const summaries: Readonly<Record<Failing, string>> = {
      down: `${by}, which is not connected: nothing is on its other side.`,
      drops: `${by}, which drops the packets: it has no way to deliver them.`,
      silent: `${by}: packets enter it, and nothing comes back.`,
      'no-network': `${by}, and its other side answers that it has no route to that network.`,
    };
    return { summary: summaries[failing], evidence: facts };
  },
  remedies({ tunnel, address, failing }, { platform }): readonly Remedy[] {
    const name = tunnel.product ?? 'the VPN';
    const connect: Remedy =
      failing === 'no-network'
        ? { kind: 'tell', title: `Have ${address} added to the networks that ${name} carries, or take its route out of the tunnel.` }
        : { kind: 'tell', title: `Connect ${name} again (interface ${tunnel.name}), or disconnect it if the host is reached without it.` };
    return [
      connect,
      { kind: 'run', title: 'See which way packets to it take:', command: seeRoute(platform, address) },
      { kind: 'run', title: 'See the state and the counters of the tunnel:', command: seeInterface(platform, tunnel.name) },
    ];
  },
  about: `A VPN or another tunnel has put a route on this machine, the target's address falls under it, and packets that enter the tunnel do not arrive:
the tunnel is not connected, its other side is silent, or the other side does not know that network.
mcpreach asks the system for its own route lookup, looks at the kind and the state of the interface, and dials once more while the interface
counts: packets that went in and none that came out, or packets that were dropped. A tunnel that the target's route does not use is not looked at.
By hand: \`ip route get ADDRESS\` and \`ip -s link show dev NAME\` (Linux), \`route -n get ADDRESS\` and \`netstat -I NAME\` (macOS),
\`Find-NetRoute -RemoteIPAddress ADDRESS\` and \`Get-NetAdapterStatistics\` (Windows); \`wg show\` tells when a WireGuard peer was last heard.`,
  refs: ['https://man7.org/linux/man-pages/man8/ip-route.8.html', 'https://docs.kernel.org/networking/tuntap.html'],
  examples() {
    const about = target('http://10.99.0.7:3000/mcp');
    const silent = { ...attempt('10.99.0.7', 'timed-out'), ms: 4000 };
    const through = (more: Partial<Way> = {}) => way('10.99.0.7', { device: 'tun0', source: '10.8.0.2', prefix: '10.99.0.0/16' }, more);
    const tun = device('tun0', { kind: 'tun' });
    const traffic = { sent: 2, received: 0, unsent: 0, ms: 1300 };
    return {
      fires: [
        {
          title: 'the program behind the tunnel is gone',
          evidence: evidence(about, { tcp: tcp(silent), routes: routes([through()], [{ ...tun, carrier: false }]) }),
        },
        {
          title: 'packets go in and none comes out',
          evidence: evidence(about, { tcp: tcp(silent), routes: routes([through({ traffic })], [tun]) }),
        },
        {
          title: 'WireGuard has no peer for the address',
          evidence: evidence(about, {
            tcp: tcp(attempt('10.99.0.7', 'unreachable')),
            routes: routes(
              [way('10.99.0.7', { device: 'wg0' }, { traffic: { ...traffic, sent: 0, unsent: 2 } })],
              [device('wg0', { kind: 'wireguard', product: 'WireGuard' })],
            ),
          }),
        },
      ],
      quiet: [
        {
          title: 'a tunnel exists, the route does not use it',
          evidence: evidence(about, {
            tcp: tcp(silent),
            routes: routes([way('10.99.0.7', { device: 'eth0', gateway: '192.168.1.1' })], [device('eth0'), { ...tun, carrier: false }]),
          }),
        },
        {
          title: 'the host behind a tunnel refuses',
          evidence: evidence(about, { tcp: tcp(attempt('10.99.0.7', 'refused')), routes: routes([through()], [tun]) }),
        },
        {
          title: 'the tunnel is alive, the host behind it is silent',
          evidence: evidence(about, { tcp: tcp(silent), routes: routes([through({ traffic: { ...traffic, received: 5 } })], [tun]) }),
        },
      ],
    };
  },
});

function judgeWay(found: Evidence, one: Way): Args | undefined {
  const tunnel = interfaceOf(found, one);
  const attempted = unreachedAttempts(found).find(({ address }) => address === one.address);
  if (tunnel === undefined || attempted === undefined || !isTunnel(tunnel)) return undefined;
  const seen = failingOf(tunnel, one, attempted);
  if (seen === undefined) return undefined;
  const [failing, certainty] = seen;
  const at = endpoint(one.address, found.target.port);
  return {
    certainty,
    at: found.target.host === one.address ? at : `${found.target.host} (${at})`,
    address: one.address,
    tunnel,
    failing,
    facts: [
      attempted.outcome === 'timed-out'
        ? `${at} did not answer within ${(attempted.ms / 1000).toFixed(1)} s`
        : `${at} ${attempted.outcome} (${attempted.code ?? 'no code'}) after ${Math.round(attempted.ms)} ms`,
      wayWords(one),
      interfaceStateWords(tunnel),
      ...(one.traffic === null ? [] : [trafficWords(one.traffic, tunnel)]),
    ],
  };
}

function failingOf(tunnel: InterfaceFacts, { traffic }: Way, { code, outcome }: TcpAttempt): readonly [Failing, Certainty] | undefined {
  if (!tunnel.up || tunnel.carrier === false) return ['down', 'proved'];
  if (traffic !== null && traffic.unsent > 0 && traffic.received === 0) return ['drops', 'proved'];
  // An answer that came out of the tunnel: it works, and what it says is about what lies behind it.
  if (traffic !== null && traffic.received > 0) return code === 'ENETUNREACH' ? ['no-network', 'likely'] : undefined;
  return outcome === 'timed-out' || outcome === 'unreachable' ? ['silent', 'likely'] : undefined;
}

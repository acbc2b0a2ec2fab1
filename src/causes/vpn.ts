import { seeInterface, seeResolver, seeRoute } from '../facts/commands.ts';
import { defineCause, type MatchBase } from '../model/cause.ts';
import { attempt, evidence, failed, names, target, tcp, unfinished } from '../model/examples.ts';
import type { Way, WireguardPeer } from '../model/routes.ts';
import { device, routes, sizes, way } from '../model/routes-examples.ts';
import { interfaceWords, detourWords } from '../model/routes-words.ts';
import { type FailingTunnel, failingTunnel } from '../model/failing-tunnel.ts';
import type { Remedy } from '../model/remedy.ts';

type Args = MatchBase & FailingTunnel;

/** The route to the target goes through a tunnel and fails there. */
export const cause = defineCause({
  id: 'vpn',
  group: 'network',
  title: 'The tunnel on the way does not carry the connection',
  layer: 'tcp',
  severity: 'error',
  needs: ['routes'],
  hiddenBy: [
    'crash-on-boot',
    'ipv6-localhost',
    'bound-to-loopback',
    'wrong-host',
    'wrong-port',
    'firewall-drop',
    'firewall-reject',
    'container-not-running',
    'container-network',
  ],
  match(found): Args | undefined {
    return failingTunnel(found);
  },
  explain({ at, asked, address, tunnel, failing, detour, facts }) {
    const subject = asked === null ? at : `the name server ${at}, which is asked for ${asked},`;
    const by = `The route to ${subject} goes through the ${interfaceWords(tunnel)}`;
    const summaries: Readonly<Record<FailingTunnel['failing'], string>> = {
      down: `${by}, which is not connected: nothing is on its other side.`,
      'no-peer': `${by}, which has no peer for that address: the packets go to nobody.`,
      unheard: `${by}, whose peer does not answer: there is no session with it.`,
      drops: `${by}, which drops the packets: it has no way to deliver them.`,
      silent: `${by}: packets enter it, and nothing comes back.`,
      'no-network': `${by}, and its other side answers that it has no route to that network.`,
      'loses-long': `${by}, which loses long packets without a word: short requests are answered, long ones are not.`,
      captures: `${by}, although the address is of the local network of ${detour?.device ?? ''}, where an MCP server answers at it.`,
    };
    const elsewhere = detour !== null && failing !== 'captures' ? ` Meanwhile ${detourWords(detour, address)}.` : '';
    return { summary: `${summaries[failing]}${elsewhere}`, evidence: facts };
  },
  remedies({ tunnel, asked, address, failing, detour }, { platform }): readonly Remedy[] {
    const name = tunnel.product ?? 'the VPN';
    const exclude: Remedy = {
      kind: 'tell',
      title: `In the settings of ${name}, take ${address} out of the tunnel: allow access to the local network, or exclude it (split tunnelling).`,
    };
    const include: Remedy = {
      kind: 'tell',
      title: `Have ${address} added to the networks that ${name} carries, or take its route out of the tunnel.`,
    };
    const connect: Remedy = {
      kind: 'tell',
      title: `Connect ${name} again (interface ${tunnel.name}), or disconnect it if the host is reached without it.`,
    };
    const shorten: Remedy = {
      kind: 'tell',
      title: `Set a smaller MTU for ${tunnel.name} in the settings of ${name} (it is ${tunnel.mtu ?? 'not known'}), or let ICMP "fragmentation needed" pass on the way.`,
    };
    if (failing === 'loses-long')
      return [shorten, { kind: 'run', title: 'See the MTU of the tunnel:', command: seeInterface(platform, tunnel.name) }];
    const admit: Remedy = {
      kind: 'tell',
      title: `Add ${address} to the AllowedIPs of the right peer of ${tunnel.name}, or take its route out of the tunnel.`,
    };
    const meet: Remedy = {
      kind: 'tell',
      title: `Check the peer of ${tunnel.name}: that its endpoint is right and reached by UDP, that it is up, and that each side has the other's public key.`,
    };
    const first =
      failing === 'no-peer'
        ? admit
        : failing === 'unheard'
          ? meet
          : failing === 'no-network'
            ? include
            : detour !== null
              ? exclude
              : connect;
    return [
      first,
      ...(asked === null
        ? []
        : [{ kind: 'run', title: 'See which name servers are asked:', command: seeResolver(platform, asked) } as const]),
      { kind: 'run', title: 'See which way packets to it take:', command: seeRoute(platform, address) },
      { kind: 'run', title: 'See the state and the counters of the tunnel:', command: seeInterface(platform, tunnel.name) },
    ];
  },
  about: `A VPN or another tunnel has put a route on this machine, the target's address (or the name server that is asked for it) falls under it, and
packets that enter the tunnel do not arrive: it is not connected, its other side is silent or does not know that network, or it loses long packets.
Or the route takes in what lies outside, for example an address of the local network.
mcpreach asks the system for its own route lookup, looks at the kind and the state of the interface, and dials once more while the interface
counts: packets that went in and none that came out, or packets that were dropped. On Linux it also sends one request, without a session and without any
configured header, over each other interface that has a route to the address (for a public address never around a tunnel); WireGuard is asked when the peer was last heard (for that it must be run by
root). Where the connection opens and then stays silent, requests of several lengths tell whether long packets are lost.
A tunnel that the target's route does not use is not looked at.
By hand: \`ip route get ADDRESS\` and \`ip -s link show dev NAME\` (Linux), \`route -n get ADDRESS\` and \`netstat -I NAME\` (macOS),
\`Find-NetRoute -RemoteIPAddress ADDRESS\` and \`Get-NetAdapterStatistics\` (Windows); \`wg show\` tells when a WireGuard peer was last heard.`,
  refs: ['https://man7.org/linux/man-pages/man8/ip-route.8.html', 'https://docs.kernel.org/networking/tuntap.html'],
  examples() {
    const measured = (value: WireguardPeer) => ({ kind: 'measured', value }) as const;
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
          title: 'the name servers are behind a tunnel that is not connected',
          evidence: evidence(target('http://mcp.corp.test:3000/mcp'), {
            dns: { ...names(), error: 'EAI_AGAIN' },
            resolver: {
              servers: ['10.8.0.53'],
              answers: [{ record: 'A', addresses: [], error: 'ETIMEOUT' }],
              ms: 1500,
            },
            routes: routes([way('10.8.0.53', { device: 'tun0' }, { purpose: 'name-server' })], [{ ...tun, carrier: false }]),
          }),
        },
        {
          title: 'the tunnel loses long packets',
          evidence: evidence(about, {
            tcp: tcp(attempt('10.99.0.7', 'open')),
            direct: unfinished([failed('initialize', { stage: 'head', reason: 'timed-out', ms: 30_000 })]),
            routes: routes([through()], [tun], { sizes: sizes(1160, 1240) }),
          }),
        },
        {
          title: "WireGuard's peer has never answered",
          evidence: evidence(about, {
            tcp: tcp(silent),
            routes: routes(
              [
                way(
                  '10.99.0.7',
                  { device: 'wg0' },
                  { traffic, peer: measured({ kind: 'peer', endpoint: '203.0.113.1:51820', heardSecondsAgo: null }) },
                ),
              ],
              [device('wg0', { kind: 'wireguard', product: 'WireGuard' })],
            ),
          }),
        },
        {
          title: 'WireGuard sends the address to nobody',
          evidence: evidence(about, {
            tcp: tcp(silent),
            routes: routes(
              [way('10.99.0.7', { device: 'wg0' }, { peer: measured({ kind: 'none' }) })],
              [device('wg0', { kind: 'wireguard' })],
            ),
          }),
        },
        {
          title: 'the tunnel takes an address of the local network',
          evidence: evidence(about, {
            tcp: tcp(silent),
            routes: routes(
              [through({ detours: [{ device: 'eth0', kind: 'physical', gateway: null, outcome: 'answered' }] })],
              [tun, device('eth0')],
            ),
          }),
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
          title: 'the server behind the tunnel hangs',
          evidence: evidence(about, {
            tcp: tcp(attempt('10.99.0.7', 'open')),
            direct: unfinished([failed('initialize', { stage: 'head', reason: 'timed-out', ms: 30_000 })]),
            routes: routes([through()], [tun], { sizes: sizes(4000, null) }),
          }),
        },
        {
          title: 'no packet gets as far as the tunnel',
          evidence: evidence(about, { tcp: tcp(silent), routes: routes([through({ traffic: { ...traffic, sent: 0 } })], [tun]) }),
        },
        {
          title: 'a silent host beyond a DSL link',
          evidence: evidence(target('http://203.0.113.9:3000/mcp'), {
            tcp: tcp({ ...attempt('203.0.113.9', 'timed-out'), ms: 4000 }),
            routes: routes([way('203.0.113.9', { device: 'ppp0' }, { traffic })], [device('ppp0', { kind: 'ppp' }), device('eth0')], {
              defaults: {
                kind: 'measured',
                value: [{ family: 4, device: 'ppp0', gateway: null, metric: null, prefix: '0.0.0.0/0', table: null }],
              },
            }),
          }),
        },
        {
          title: "WireGuard's peer was heard a moment ago",
          evidence: evidence(about, {
            tcp: tcp(silent),
            routes: routes(
              [
                way(
                  '10.99.0.7',
                  { device: 'wg0' },
                  { traffic, peer: measured({ kind: 'peer', endpoint: '203.0.113.1:51820', heardSecondsAgo: 3 }) },
                ),
              ],
              [device('wg0', { kind: 'wireguard', product: 'WireGuard' })],
            ),
          }),
        },
        {
          title: 'the tunnel is alive, the host behind it is silent',
          evidence: evidence(about, { tcp: tcp(silent), routes: routes([through({ traffic: { ...traffic, received: 5 } })], [tun]) }),
        },
      ],
    };
  },
});

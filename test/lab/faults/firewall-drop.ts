import type { Bench } from '../bench.ts';
import { type Arranged, defineFault, defineNearMiss, THERE } from '../fault.ts';
import { asOrdinaryUser } from '../engines/ordinary-user.ts';
import { firewalld, iptables, mends, nft, nftChain, ufw } from '../filters.ts';

const OUTPUT = 'type filter hook output priority 0; policy accept;';
const INPUT = 'type filter hook input priority 0; policy accept;';
/** Four seconds for the first attempt, and the rules are read twice. */
const within = 15_000;

/** A server on 127.0.0.1 and the rules of one base chain about its port. */
async function served(
  bench: Bench,
  hook: string,
  rules: (port: number) => readonly string[],
  before: readonly string[] = [],
): Promise<Arranged> {
  const server = await bench.serve('v2-dual', {});
  await nftChain(bench, 'inet', hook, rules(server.port), before);
  return { url: server.url(), check: mends(bench, server.url()) };
}

/** Another machine that swallows everything by itself, and rules here that have nothing to do with it. */
async function silentPeer(bench: Bench, family: string, rules: readonly string[]): Promise<Arranged> {
  await bench.runThere('ip', 'route', 'add', 'blackhole', '10.77.0.1/32');
  await nftChain(bench, family, OUTPUT, rules);
  return { url: `http://${THERE}:3000/mcp` };
}

const named = {
  status: 'failed',
  cause: 'firewall-drop',
  notCauses: ['timeout-hang', 'host-unreachable', 'server-not-running', 'wrong-port'],
} as const;
const proved = { ...named, certainty: 'proved' } as const;
const innocent = { status: 'failed', cause: 'host-unreachable', notCauses: ['firewall-drop', 'firewall-reject'] } as const;

export default [
  defineFault({
    id: 'firewall-drop/nft-output',
    group: 'network',
    needs: ['nft'],
    network: {},
    within,
    arrange: (bench) => served(bench, OUTPUT, (port) => [`tcp dport ${port} counter drop`]),
    expect: { ...proved, says: /counter grew by 1/, remedy: /nft insert rule inet lab base position \d+ ip daddr 127\.0\.0\.1/ },
  }),
  defineFault({
    id: 'firewall-drop/nft-input-on-loopback',
    group: 'network',
    needs: ['nft'],
    network: {},
    within,
    arrange: (bench) => served(bench, INPUT, (port) => [`iif "lo" tcp dport { 22, ${port} } counter drop`]),
    expect: { ...proved, says: /hook input, interface lo/ },
  }),
  defineFault({
    id: 'firewall-drop/nft-policy',
    group: 'network',
    needs: ['nft'],
    network: {},
    within,
    arrange: (bench) =>
      served(bench, 'type filter hook input priority 0; policy drop;', () => [
        'tcp dport 22 accept',
        'ct state established,related accept',
      ]),
    expect: { ...named, certainty: 'likely', says: /chain base, policy/ },
  }),
  defineFault({
    id: 'firewall-drop/nft-answers',
    group: 'network',
    needs: ['nft'],
    network: {},
    within,
    arrange: (bench) => served(bench, INPUT, (port) => [`tcp sport ${port} counter drop`]),
    expect: { ...proved, says: /drops the answers/, remedy: /tcp sport \d+ ct state established accept/ },
  }),
  defineFault({
    id: 'firewall-drop/nft-data-of-open-connections',
    group: 'network',
    needs: ['nft'],
    network: {},
    within: 60_000,
    async arrange(bench) {
      const arranged = await served(bench, INPUT, (port) => [`tcp dport ${port} tcp flags & psh == psh counter drop`]);
      return { ...arranged, args: ['--timeout', '3000'] };
    },
    expect: { ...proved, layer: 'http', says: /lets connections to \S+ open and drops/ },
  }),
  defineFault({
    id: 'firewall-drop/nft-concatenated-set',
    group: 'network',
    needs: ['nft'],
    network: {},
    within,
    async arrange(bench) {
      const server = await bench.serve('v2-dual', {});
      await nftChain(
        bench,
        'inet',
        OUTPUT,
        ['ip daddr . tcp dport @closed counter drop'],
        [`set closed { type ipv4_addr . inet_service; elements = { 10.0.0.1 . 22, 127.0.0.1 . ${server.port} }; }`],
      );
      return { url: server.url(), check: mends(bench, server.url()) };
    },
    expect: proved,
  }),
  defineFault({
    id: 'firewall-drop/nft-goto-and-return',
    group: 'network',
    needs: ['nft'],
    network: {},
    within,
    arrange: (bench) =>
      served(bench, OUTPUT, (port) => ['meta l4proto udp goto closed', `tcp dport ${port} goto closed`, 'accept'], [
        'chain closed {',
        'ip daddr 10.0.0.0/8 return',
        'meta l4proto { tcp, udp } counter drop',
        '}',
      ]),
    expect: { ...proved, says: /chain base -> closed/ },
  }),
  defineFault({
    id: 'firewall-drop/nft-condition-that-cannot-be-judged',
    group: 'network',
    needs: ['nft'],
    network: {},
    within,
    arrange: (bench) => served(bench, OUTPUT, (port) => [`tcp dport ${port} limit rate 1000/second counter drop`]),
    expect: { ...named, certainty: 'likely', says: /not judged/ },
  }),
  defineFault({
    id: 'firewall-drop/nft-towards-another-machine',
    group: 'network',
    needs: ['nft'],
    network: { peer: true },
    within,
    async arrange(bench) {
      const server = await bench.serve('v2-dual', { host: THERE, there: true });
      await nftChain(bench, 'ip', OUTPUT, [`oifname "ne*" ip daddr ${THERE} tcp dport ${server.port} counter drop`]);
      return { url: server.url(), check: mends(bench, server.url()) };
    },
    expect: proved,
  }),
  defineFault({
    id: 'firewall-drop/nft-answers-of-another-machine',
    group: 'network',
    needs: ['nft'],
    network: { peer: true },
    within,
    async arrange(bench) {
      const server = await bench.serve('v2-dual', { host: THERE, there: true });
      await nftChain(bench, 'inet', INPUT, [`iifname "near" ip saddr ${THERE} tcp sport ${server.port} counter drop`]);
      return { url: server.url(), check: mends(bench, server.url()) };
    },
    expect: { ...proved, says: /drops the answers of 10\.77\.0\.2/ },
  }),
  defineFault({
    id: 'firewall-drop/nft-netdev-ingress',
    group: 'network',
    needs: ['nft'],
    network: { peer: true },
    within,
    async arrange(bench) {
      const server = await bench.serve('v2-dual', { host: THERE, there: true });
      await nftChain(bench, 'netdev', 'type filter hook ingress device "near" priority 0; policy accept;', [
        `tcp sport ${server.port} counter drop`,
      ]);
      return { url: server.url(), check: mends(bench, server.url()) };
    },
    expect: proved,
  }),
  defineFault({
    id: 'firewall-drop/iptables-policy',
    group: 'network',
    needs: ['iptables'],
    network: {},
    within,
    async arrange(bench) {
      const server = await bench.serve('v2-dual', {});
      await iptables(bench, 'iptables-nft', '-A INPUT -p tcp --dport 22 -j ACCEPT', '-P INPUT DROP');
      return { url: server.url(), check: mends(bench, server.url()) };
    },
    expect: { ...proved, says: /iptables, table filter, chain INPUT, policy/, remedy: /iptables -I INPUT -d 127\.0\.0\.1/ },
  }),
  defineFault({
    id: 'firewall-drop/iptables-raw-table',
    group: 'network',
    needs: ['iptables'],
    network: {},
    within,
    async arrange(bench) {
      const server = await bench.serve('v2-dual', {});
      await iptables(bench, 'iptables-nft', `-t raw -A PREROUTING -i lo -p tcp --dport ${server.port} -j DROP`);
      return { url: server.url(), check: mends(bench, server.url()) };
    },
    expect: { ...proved, says: /table raw, chain PREROUTING/ },
  }),
  defineFault({
    id: 'firewall-drop/iptables-legacy',
    group: 'network',
    needs: ['iptables-legacy'],
    network: {},
    within,
    async arrange(bench) {
      const server = await bench.serve('v2-dual', {});
      await iptables(
        bench,
        'iptables-legacy',
        '-N closed',
        `-A OUTPUT -p tcp -m tcp --dport ${server.port} -j closed`,
        '-A closed -d 127.0.0.0/8 -j DROP',
      );
      return { url: server.url(), check: mends(bench, server.url()) };
    },
    expect: { ...proved, says: /iptables-legacy, table filter, chain closed, rule 1/ },
  }),
  defineFault({
    id: 'firewall-drop/ip6tables',
    group: 'network',
    needs: ['iptables', 'ipv6'],
    network: {},
    within,
    async arrange(bench) {
      const server = await bench.serve('v2-dual', { host: '::1' });
      await iptables(bench, 'ip6tables-nft', `-A INPUT -s ::1/128 -p tcp --dport ${server.port} -j DROP`);
      return { url: server.url(), check: mends(bench, server.url()) };
    },
    expect: { ...proved, says: /ip6tables/ },
  }),
  defineFault({
    id: 'firewall-drop/ufw-rule',
    group: 'network',
    needs: ['ufw'],
    network: { peer: true },
    within,
    async arrange(bench) {
      const server = await bench.serve('v2-dual', { host: THERE, there: true });
      await ufw(bench, `deny out ${server.port}/tcp`);
      return { url: server.url(), check: mends(bench, server.url()) };
    },
    expect: { ...proved, says: /ufw: .*chain ufw-user-output/, remedy: /ufw prepend allow out to/ },
  }),
  defineFault({
    id: 'firewall-drop/ufw-default',
    group: 'network',
    needs: ['ufw'],
    network: { peer: true },
    within,
    async arrange(bench) {
      const server = await bench.serve('v2-dual', { host: THERE, there: true });
      await ufw(bench, 'default deny outgoing', 'allow out 443/tcp');
      return { url: server.url(), check: mends(bench, server.url()) };
    },
    expect: { ...proved, says: /ufw: /, remedy: /ufw prepend allow out to/ },
  }),
  defineFault({
    id: 'firewall-drop/firewalld',
    group: 'network',
    needs: ['firewalld'],
    network: { peer: true },
    within,
    async arrange(bench) {
      const server = await bench.serve('v2-dual', { host: THERE, there: true });
      const env = await firewalld(bench, `rule family="ipv4" port port="${server.port}" protocol="tcp" drop`);
      return { url: server.url(), check: mends(bench, server.url(), env) };
    },
    expect: { ...named, says: /firewalld policy lab-out/, remedy: /firewall-cmd --policy=lab-out/ },
  }),
  defineNearMiss({
    id: 'firewall-drop/rule-for-another-port',
    group: 'network',
    needs: ['nft'],
    network: { peer: true },
    within,
    arrange: (bench) => silentPeer(bench, 'inet', ['tcp dport { 22, 80, 3001-3999 } counter drop']),
    expect: innocent,
  }),
  defineNearMiss({
    id: 'firewall-drop/rule-for-another-address',
    group: 'network',
    needs: ['nft'],
    network: { peer: true },
    within,
    arrange: (bench) => silentPeer(bench, 'ip', ['ip daddr { 10.77.0.9, 10.77.1.0/24 } counter drop', 'ip saddr != 10.77.0.1 drop']),
    expect: innocent,
  }),
  defineNearMiss({
    id: 'firewall-drop/rule-for-another-interface',
    group: 'network',
    needs: ['nft'],
    network: { peer: true },
    within,
    arrange: (bench) => silentPeer(bench, 'inet', ['oifname "eth*" tcp dport 3000 counter drop', 'oifname "lo" drop']),
    expect: innocent,
  }),
  defineNearMiss({
    id: 'firewall-drop/rule-for-another-user',
    group: 'network',
    needs: ['nft'],
    network: { peer: true },
    within,
    arrange: (bench) => silentPeer(bench, 'inet', ['meta skuid { 1000, 12345 } tcp dport 3000 counter drop']),
    expect: innocent,
  }),
  defineNearMiss({
    id: 'firewall-drop/rule-for-udp-only',
    group: 'network',
    needs: ['nft'],
    network: { peer: true },
    within,
    arrange: (bench) => silentPeer(bench, 'inet', ['udp dport 3000 counter drop', 'meta l4proto { udp, icmp } drop']),
    expect: innocent,
  }),
  defineNearMiss({
    id: 'firewall-drop/accepted-before-the-drop',
    group: 'network',
    needs: ['nft'],
    network: { peer: true },
    within,
    arrange: (bench) => silentPeer(bench, 'inet', ['tcp dport 3000 accept', 'counter drop']),
    expect: innocent,
  }),
  defineNearMiss({
    id: 'firewall-drop/table-of-the-other-family',
    group: 'network',
    needs: ['nft', 'ipv6'],
    network: { peer: true },
    within,
    arrange: (bench) => silentPeer(bench, 'ip6', ['tcp dport 3000 counter drop']),
    expect: innocent,
  }),
  defineNearMiss({
    id: 'firewall-drop/counter-that-does-not-grow',
    group: 'network',
    needs: ['nft'],
    network: { peer: true },
    within,
    arrange: (bench) => silentPeer(bench, 'inet', ['tcp dport 3000 limit rate 1000/second accept', 'tcp dport 3000 counter drop']),
    expect: innocent,
  }),
  defineNearMiss({
    id: 'firewall-drop/server-hangs-by-itself',
    group: 'network',
    needs: ['nft'],
    network: {},
    within: 60_000,
    async arrange(bench) {
      const server = await bench.tcp((socket) => void socket.resume());
      await nft(
        bench,
        'table inet lab {',
        'chain base {',
        INPUT,
        'ct state invalid counter drop',
        'ct state established,related counter accept',
        `tcp dport ${server.port + 1} counter drop`,
        '}',
        '}',
      );
      return { url: server.url(), args: ['--timeout', '2000'] };
    },
    expect: { status: 'failed', cause: 'timeout-hang', notCauses: ['firewall-drop'] },
  }),
  defineNearMiss({
    id: 'firewall-drop/strict-rules-and-a-healthy-server',
    group: 'network',
    needs: ['nft'],
    network: {},
    arrange: (bench) => served(bench, 'type filter hook input priority 0; policy drop;', () => ['iifname "lo" accept', 'counter drop']),
    expect: { status: 'ok' },
  }),
  defineNearMiss({
    id: 'firewall-drop/ordinary-user-cannot-tell',
    group: 'network',
    needs: ['nft', 'ordinary-user'],
    network: { peer: true },
    within,
    async arrange(bench) {
      const arranged = await silentPeer(bench, 'inet', ['tcp dport 3000 counter drop']);
      return { ...arranged, ...(await asOrdinaryUser(bench)), check: () => [] };
    },
    expect: { ...innocent, says: /only root may read the rules; by hand: sudo nft/, remedy: /sudo nft/ },
  }),
];

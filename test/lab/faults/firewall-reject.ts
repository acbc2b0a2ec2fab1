import type { Bench } from '../bench.ts';
import { type Arranged, defineFault, defineNearMiss, THERE } from '../fault.ts';
import { asOrdinaryUser } from '../engines/ordinary-user.ts';
import { firewalld, iptables, mends, nft, nftChain, ufw } from '../filters.ts';

const OUTPUT = 'type filter hook output priority 0; policy accept;';
const INPUT = 'type filter hook input priority 0; policy accept;';
const BOTH_FAMILIES = '127.0.0.1 localhost\n::1 localhost\n';

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

const named = { status: 'failed', cause: 'firewall-reject', notCauses: ['server-not-running', 'port-in-use'] } as const;
const proved = { ...named, certainty: 'proved' } as const;

export default [
  defineFault({
    id: 'firewall-reject/nft-output-with-counter',
    group: 'network',
    needs: ['nft'],
    network: {},
    arrange: (bench) =>
      served(bench, OUTPUT, (port) => ['tcp dport 22 counter accept', `oifname "lo" tcp dport ${port} counter reject with tcp reset`]),
    expect: {
      ...proved,
      says: /table inet lab, chain base, handle \d+[\s\S]*counter grew by 1/,
      remedy: /nft insert rule inet lab base position \d+ ip daddr 127\.0\.0\.1 tcp dport \d+ accept/,
    },
  }),
  defineFault({
    id: 'firewall-reject/nft-input-icmp',
    group: 'network',
    needs: ['nft'],
    network: {},
    arrange: (bench) => served(bench, INPUT, (port) => [`iifname "lo" ip saddr 127.0.0.0/8 tcp dport ${port} ct state new counter reject`]),
    expect: { ...proved, says: /icmp port-unreachable[\s\S]*hook input/ },
  }),
  defineFault({
    id: 'firewall-reject/nft-host-prohibited',
    group: 'network',
    needs: ['nft'],
    network: {},
    arrange: (bench) => served(bench, OUTPUT, (port) => [`tcp dport ${port} counter reject with icmpx type admin-prohibited`]),
    expect: { ...proved, notCauses: ['host-unreachable'] },
  }),
  defineFault({
    id: 'firewall-reject/nft-without-counter',
    group: 'network',
    needs: ['nft'],
    network: {},
    arrange: (bench) => served(bench, OUTPUT, (port) => [`tcp dport ${port} reject with tcp reset`]),
    expect: { ...named, certainty: 'likely', says: /no counter/ },
  }),
  defineFault({
    id: 'firewall-reject/nft-set-and-jump',
    group: 'network',
    needs: ['nft'],
    network: {},
    async arrange(bench) {
      const server = await bench.serve('v2-dual', {});
      await nftChain(
        bench,
        'inet',
        OUTPUT,
        ['meta l4proto tcp jump filtered'],
        [
          `set closed { type inet_service; flags interval; elements = { 22, 80-90, ${server.port} }; }`,
          'chain filtered {',
          'tcp dport @closed counter reject with tcp reset',
          '}',
        ],
      );
      return { url: server.url(), check: mends(bench, server.url()) };
    },
    expect: { ...proved, says: /chain base -> filtered/ },
  }),
  defineFault({
    id: 'firewall-reject/nft-verdict-map',
    group: 'network',
    needs: ['nft'],
    network: {},
    arrange: (bench) =>
      served(bench, OUTPUT, (port) => [`tcp dport vmap { 22 : accept, ${port} : jump closed }`], [
        'chain closed {',
        'counter reject with tcp reset',
        '}',
      ]),
    expect: proved,
  }),
  defineFault({
    id: 'firewall-reject/nft-owner',
    group: 'network',
    needs: ['nft'],
    network: {},
    arrange: (bench) => served(bench, OUTPUT, (port) => [`meta skuid 0 tcp dport ${port} counter reject with tcp reset`]),
    expect: proved,
  }),
  defineFault({
    id: 'firewall-reject/nft-later-base-chain',
    group: 'network',
    needs: ['nft'],
    network: {},
    async arrange(bench) {
      const server = await bench.serve('v2-dual', {});
      await nft(
        bench,
        'table inet early {',
        'chain first {',
        'type filter hook output priority -10; policy accept;',
        `tcp dport ${server.port} counter accept`,
        '}',
        '}',
        'table ip late {',
        'chain second {',
        'type filter hook output priority 10; policy accept;',
        `tcp dport ${server.port} counter reject with tcp reset`,
        '}',
        '}',
      );
      return { url: server.url(), check: mends(bench, server.url()) };
    },
    expect: { ...proved, says: /table ip late, chain second/ },
  }),
  defineFault({
    id: 'firewall-reject/nft-ipv6-only',
    group: 'network',
    needs: ['nft', 'ipv6'],
    network: {},
    async arrange(bench) {
      const server = await bench.serve('v2-dual', { host: '::1' });
      await nftChain(bench, 'ip6', OUTPUT, [`ip6 daddr ::1 tcp dport ${server.port} counter reject with tcp reset`]);
      return { url: server.url(), check: mends(bench, server.url()) };
    },
    expect: { ...proved, remedy: /ip6 daddr ::1/ },
  }),
  defineFault({
    id: 'firewall-reject/nft-one-family-of-localhost',
    group: 'network',
    needs: ['nft', 'ipv6'],
    network: { hosts: BOTH_FAMILIES },
    async arrange(bench) {
      const port = await bench.freePort();
      await bench.serve('v2-dual', { port });
      await bench.serve('v2-dual', { port, host: '::1' });
      await nftChain(bench, 'ip6', OUTPUT, [`tcp dport ${port} counter reject with tcp reset`]);
      return { url: `http://localhost:${port}/mcp` };
    },
    expect: { status: 'warning', findings: ['firewall-reject'], notCauses: ['ipv6-localhost'] },
  }),
  defineFault({
    id: 'firewall-reject/nft-redirect-to-a-closed-port',
    group: 'network',
    needs: ['nft'],
    network: {},
    arrange: (bench) => served(bench, 'type nat hook output priority -100;', (port) => [`tcp dport ${port} counter redirect to :9`]),
    expect: { ...proved, says: /127\.0\.0\.1:9 instead/ },
  }),
  defineFault({
    id: 'firewall-reject/nft-data-is-reset',
    group: 'network',
    needs: ['nft'],
    network: {},
    arrange: (bench) =>
      served(bench, INPUT, (port) => [`tcp dport ${port} ct state established tcp flags & psh == psh counter reject with tcp reset`]),
    expect: { ...proved, notCauses: ['connection-reset', 'server-not-running'] },
  }),
  defineFault({
    id: 'firewall-reject/nft-towards-another-machine',
    group: 'network',
    needs: ['nft'],
    network: { peer: true },
    async arrange(bench) {
      const server = await bench.serve('v2-dual', { host: THERE, there: true });
      await nftChain(bench, 'inet', OUTPUT, [
        `oifname "near" ip daddr 10.77.0.0/24 tcp dport ${server.port} counter reject with icmp type host-unreachable`,
      ]);
      return { url: server.url(), check: mends(bench, server.url()) };
    },
    expect: { ...proved, notCauses: ['host-unreachable'], says: /interface near/ },
  }),
  defineFault({
    id: 'firewall-reject/iptables',
    group: 'network',
    needs: ['iptables'],
    network: {},
    async arrange(bench) {
      const server = await bench.serve('v2-dual', {});
      await iptables(
        bench,
        'iptables-nft',
        '-A OUTPUT -p tcp --dport 22 -j ACCEPT',
        `-A OUTPUT -o lo -p tcp --dport ${server.port} -j REJECT`,
      );
      return { url: server.url(), check: mends(bench, server.url()) };
    },
    expect: {
      ...proved,
      says: /iptables, table filter, chain OUTPUT, rule 2/,
      remedy: /iptables -I OUTPUT 2 -d 127\.0\.0\.1 -p tcp --dport \d+ -j ACCEPT/,
    },
  }),
  defineFault({
    id: 'firewall-reject/iptables-own-chain-with-extensions',
    group: 'network',
    needs: ['iptables'],
    network: {},
    async arrange(bench) {
      const server = await bench.serve('v2-dual', {});
      await iptables(
        bench,
        'iptables-nft',
        '-N agents',
        '-A OUTPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
        '-A OUTPUT -m limit --limit 3/min -j LOG',
        '-A OUTPUT -o lo -m addrtype --dst-type LOCAL -j agents',
        `-A agents -p tcp -m multiport --dports 22,${server.port - 1}:${server.port + 1} -m owner --uid-owner 0 -j REJECT --reject-with tcp-reset`,
      );
      return { url: server.url(), check: mends(bench, server.url()) };
    },
    expect: { ...proved, says: /chain OUTPUT -> agents/ },
  }),
  defineFault({
    id: 'firewall-reject/iptables-legacy',
    group: 'network',
    needs: ['iptables-legacy'],
    network: {},
    async arrange(bench) {
      const server = await bench.serve('v2-dual', {});
      await iptables(bench, 'iptables-legacy', `-A INPUT -p tcp --dport ${server.port} -j REJECT --reject-with tcp-reset`);
      return { url: server.url(), check: mends(bench, server.url()) };
    },
    expect: { ...proved, says: /iptables-legacy, table filter, chain INPUT, rule 1/, remedy: /iptables-legacy -I INPUT 1/ },
  }),
  defineFault({
    id: 'firewall-reject/ip6tables-prohibited',
    group: 'network',
    needs: ['iptables', 'ipv6'],
    network: {},
    async arrange(bench) {
      const server = await bench.serve('v2-dual', { host: '::1' });
      await iptables(bench, 'ip6tables-nft', `-A OUTPUT -p tcp --dport ${server.port} -j REJECT --reject-with icmp6-adm-prohibited`);
      return { url: server.url(), check: mends(bench, server.url()) };
    },
    expect: { ...proved, notCauses: ['host-unreachable'], says: /ip6tables/ },
  }),
  defineFault({
    id: 'firewall-reject/iptables-redirect',
    group: 'network',
    needs: ['iptables'],
    network: {},
    async arrange(bench) {
      const server = await bench.serve('v2-dual', {});
      await iptables(bench, 'iptables-nft', `-t nat -A OUTPUT -p tcp --dport ${server.port} -j REDIRECT --to-ports 9`);
      return { url: server.url(), check: mends(bench, server.url()) };
    },
    expect: { ...proved, remedy: /-t nat -I OUTPUT 1/ },
  }),
  defineFault({
    id: 'firewall-reject/ufw',
    group: 'network',
    needs: ['ufw'],
    network: { peer: true },
    async arrange(bench) {
      const server = await bench.serve('v2-dual', { host: THERE, there: true });
      await ufw(bench, 'allow out 53', `reject out to any port ${server.port} proto tcp`);
      return { url: server.url(), check: mends(bench, server.url()) };
    },
    within: 12_000,
    expect: { ...proved, says: /ufw: /, remedy: /ufw prepend allow out to 10\.77\.0\.2 port \d+ proto tcp/ },
  }),
  defineFault({
    id: 'firewall-reject/firewalld',
    group: 'network',
    needs: ['firewalld'],
    network: { peer: true },
    async arrange(bench) {
      const server = await bench.serve('v2-dual', { host: THERE, there: true });
      const env = await firewalld(
        bench,
        `rule family="ipv4" destination address="${THERE}" port port="${server.port}" protocol="tcp" reject`,
      );
      return { url: server.url(), check: mends(bench, server.url(), env) };
    },
    expect: { ...named, says: /firewalld policy lab-out/, remedy: /firewall-cmd --policy=lab-out --add-rich-rule=/ },
  }),
  defineFault({
    id: 'firewall-reject/ordinary-user',
    group: 'network',
    needs: ['nft', 'ordinary-user'],
    network: {},
    async arrange(bench) {
      const arranged = await served(bench, OUTPUT, (port) => [`tcp dport ${port} counter reject with tcp reset`]);
      return { ...arranged, ...(await asOrdinaryUser(bench)), check: () => [] };
    },
    expect: { ...named, certainty: 'possible', says: /only root may read the rules; by hand: sudo nft/, remedy: /sudo nft/ },
  }),
  defineNearMiss({
    id: 'firewall-reject/nobody-listens',
    group: 'network',
    needs: ['nft'],
    network: {},
    async arrange(bench) {
      const port = await bench.freePort();
      await nftChain(bench, 'inet', OUTPUT, [`tcp dport ${port + 1} counter reject with tcp reset`]);
      return { url: `http://127.0.0.1:${port}/mcp`, args: ['--patience', '0'] };
    },
    expect: { status: 'failed', cause: 'server-not-running', notCauses: ['firewall-reject'] },
  }),
  defineNearMiss({
    id: 'firewall-reject/other-machine-refuses-itself',
    group: 'network',
    needs: ['nft'],
    network: { peer: true },
    async arrange(bench) {
      await nftChain(bench, 'inet', OUTPUT, [
        'tcp dport 3001 counter reject with tcp reset',
        'ip daddr 10.77.0.9 tcp dport 3000 counter reject with tcp reset',
      ]);
      return { url: `http://${THERE}:3000/mcp` };
    },
    expect: { status: 'failed', cause: 'server-not-running', notCauses: ['firewall-reject'] },
  }),
  defineNearMiss({
    id: 'firewall-reject/other-user',
    group: 'network',
    needs: ['nft'],
    network: {},
    arrange: (bench) => served(bench, OUTPUT, (port) => [`meta skuid 12345 tcp dport ${port} counter reject with tcp reset`]),
    expect: { status: 'ok' },
  }),
  defineNearMiss({
    id: 'firewall-reject/ufw-leaves-loopback-alone',
    group: 'network',
    needs: ['ufw'],
    network: {},
    async arrange(bench) {
      const server = await bench.serve('v2-dual', {});
      await ufw(bench, `reject out ${server.port}/tcp`);
      return { url: server.url(), check: mends(bench, server.url()) };
    },
    within: 12_000,
    expect: { status: 'ok' },
  }),
  defineNearMiss({
    id: 'firewall-reject/router-says-unreachable',
    group: 'network',
    needs: ['nft'],
    network: {},
    async arrange(bench) {
      await bench.run('ip', 'route', 'add', 'unreachable', '10.99.0.0/16');
      await nftChain(bench, 'inet', OUTPUT, ['tcp dport 3001 counter reject', 'meta l4proto udp counter reject']);
      return { url: 'http://10.99.0.7:3000/mcp' };
    },
    expect: { status: 'failed', cause: 'host-unreachable', notCauses: ['firewall-reject'] },
  }),
];

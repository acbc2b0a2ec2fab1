import { defineFault, defineNearMiss, HERE, THERE, THERE6 } from '../fault.ts';
import { startDnsmasq } from '../servers/daemons.ts';
import { statefulV1, statelessV1 } from '../servers/sdk-v1.ts';

const BOTH = '127.0.0.1 localhost\n::1 localhost\n';
/** Ranks IPv4 before IPv6, as some administrators do. */
const IPV4_FIRST = 'precedence ::ffff:0:0/96 100\nprecedence ::1/128 10\nprecedence ::/0 10\n';
const NOW = ['--patience', '0'];

export default [
  defineFault({
    id: 'ipv6-localhost/second-attempt-hides-it',
    group: 'address',
    network: { hosts: BOTH },
    async arrange(bench) {
      const server = await bench.listen(statefulV1(), { host: '127.0.0.1' });
      return { url: server.url('/mcp', 'localhost'), args: NOW };
    },
    expect: { status: 'warning', findings: ['ipv6-localhost'], says: /::1/ },
  }),
  defineFault({
    id: 'ipv6-localhost/name-is-ipv6-only',
    group: 'address',
    network: { hosts: '::1 localhost\n' },
    async arrange(bench) {
      const server = await bench.listen(statefulV1(), { host: '127.0.0.1' });
      return { url: server.url('/mcp', 'localhost'), args: NOW };
    },
    expect: { status: 'failed', cause: 'ipv6-localhost', certainty: 'proved', layer: 'tcp', remedy: /127\.0\.0\.1/ },
  }),
  defineFault({
    id: 'ipv6-localhost/name-is-ipv4-only',
    group: 'address',
    needs: ['ipv6'],
    network: { hosts: '127.0.0.1 localhost\n' },
    async arrange(bench) {
      const server = await bench.listen(statefulV1(), { host: '::1' });
      return { url: server.url('/mcp', 'localhost'), args: NOW };
    },
    expect: { status: 'failed', cause: 'ipv6-localhost', certainty: 'proved', remedy: /\[::1\]/ },
  }),
  defineFault({
    id: 'ipv6-localhost/ipv4-literal',
    group: 'address',
    needs: ['ipv6'],
    network: {},
    async arrange(bench) {
      const server = await bench.listen(statelessV1(), { host: '::1' });
      return { url: server.url('/mcp', '127.0.0.1'), args: NOW };
    },
    expect: { status: 'failed', cause: 'ipv6-localhost', certainty: 'proved', notCauses: ['server-not-running', 'wrong-port'] },
  }),
  defineFault({
    id: 'ipv6-localhost/ipv6-literal',
    group: 'address',
    needs: ['ipv6'],
    network: {},
    async arrange(bench) {
      const server = await bench.listen(statelessV1(), { host: '127.0.0.1' });
      return { url: server.url('/mcp', '::1'), args: NOW };
    },
    expect: { status: 'failed', cause: 'ipv6-localhost', certainty: 'proved' },
  }),
  defineFault({
    id: 'ipv6-localhost/ipv4-first-server-ipv6',
    group: 'address',
    network: { hosts: BOTH, addressOrder: IPV4_FIRST },
    async arrange(bench) {
      const server = await bench.listen(statefulV1(), { host: '::1' });
      return { url: server.url('/mcp', 'localhost'), args: NOW };
    },
    expect: { status: 'warning', findings: ['ipv6-localhost'] },
  }),
  defineFault({
    id: 'ipv6-localhost/other-name-of-loopback',
    group: 'address',
    network: { hosts: '127.0.0.1 localhost\n::1 tools.lab.test\n' },
    async arrange(bench) {
      const server = await bench.listen(statefulV1(), { host: '127.0.0.1' });
      return { url: server.url('/mcp', 'tools.lab.test'), args: NOW };
    },
    expect: { status: 'failed', cause: 'ipv6-localhost' },
  }),
  defineFault({
    id: 'ipv6-localhost/path-is-wrong-too',
    group: 'address',
    needs: ['ipv6'],
    network: {},
    async arrange(bench) {
      await bench.listen(statelessV1());
      const server = await bench.listen(statelessV1({ path: '/api/mcp' }), { host: '::1' });
      return { url: server.url('/mcp', 'localhost'), args: NOW };
    },
    expect: {
      status: 'failed',
      cause: 'ipv6-localhost',
      certainty: 'proved',
      notCauses: ['wrong-port', 'server-not-running'],
      remedy: /\[::1\]:\d+\/api\/mcp/,
    },
  }),
  defineFault({
    id: 'ipv6-localhost/scheme-is-wrong-too',
    group: 'address',
    needs: ['ipv6'],
    network: {},
    async arrange(bench) {
      await bench.listen(statelessV1());
      const server = await bench.listen(statelessV1(), { host: '::1' });
      return { url: server.url('/mcp', 'localhost').replace('http:', 'https:'), args: NOW };
    },
    expect: { status: 'failed', cause: 'ipv6-localhost', certainty: 'proved', remedy: /http:\/\/\[::1\]/, notCauses: ['wrong-port'] },
  }),
  defineFault({
    id: 'ipv6-localhost/credentials-asked-beside-a-neighbour',
    group: 'address',
    needs: ['ipv6'],
    network: {},
    async arrange(bench) {
      await bench.listen(statelessV1());
      const server = await bench.listen(statelessV1({ token: 'lab-token' }), { host: '::1' });
      return { url: server.url('/mcp', 'localhost'), args: NOW };
    },
    expect: { status: 'failed', cause: 'ipv6-localhost', certainty: 'likely', notCauses: ['wrong-port'] },
  }),
  defineFault({
    id: 'ipv6-localhost/dns-gives-both-one-refused',
    group: 'address',
    needs: ['dnsmasq', 'ipv6'],
    network: { resolver: 'nameserver 127.0.0.1\noptions timeout:1 attempts:1\n', peer: true },
    async arrange(bench) {
      await startDnsmasq(bench, `--host-record=mcp.lab.test,${THERE},${THERE6}`);
      const server = await bench.serve('v1-stateless', { host: THERE, there: true });
      return { url: server.url('/mcp', 'mcp.lab.test'), args: NOW };
    },
    expect: { status: 'warning', findings: ['ipv6-localhost'], says: new RegExp(THERE6) },
  }),
  defineFault({
    id: 'ipv6-localhost/ipv6-is-swallowed',
    group: 'address',
    needs: ['ipv6'],
    network: { hosts: `127.0.0.1 localhost\n${THERE} mcp.lab.test\n${THERE6} mcp.lab.test\n`, peer: true },
    async arrange(bench) {
      const server = await bench.serve('v1-stateless', { host: '::', there: true });
      // The peer cannot answer over IPv6: its way back is a black hole.
      await bench.runThere('ip', '-6', 'route', 'add', 'blackhole', 'fd77::1/128');
      return { url: server.url('/mcp', 'mcp.lab.test'), args: NOW };
    },
    expect: { status: 'warning', findings: ['ipv6-localhost'] },
    within: 12_000,
  }),
  defineNearMiss({
    id: 'ipv6-localhost/dual-stack',
    group: 'address',
    network: { hosts: BOTH },
    arrange: async (bench) => ({ url: (await bench.listen(statefulV1(), { host: '::' })).url('/mcp', 'localhost') }),
    expect: { status: 'ok', notCauses: ['ipv6-localhost'] },
  }),
  defineNearMiss({
    id: 'ipv6-localhost/ipv4-only-machine',
    group: 'address',
    network: {},
    arrange: async (bench) => ({ url: (await bench.listen(statefulV1())).url('/mcp', 'localhost') }),
    expect: { status: 'ok', notCauses: ['ipv6-localhost'] },
  }),
  defineNearMiss({
    id: 'ipv6-localhost/both-families-by-two-sockets',
    group: 'address',
    network: { hosts: BOTH },
    async arrange(bench) {
      const first = await bench.listen(statelessV1(), { host: '127.0.0.1' });
      await bench.listen(statelessV1(), { host: '::1', port: first.port });
      return { url: first.url('/mcp', 'localhost') };
    },
    expect: { status: 'ok', notCauses: ['ipv6-localhost'] },
  }),
  defineNearMiss({
    id: 'ipv6-localhost/address-of-this-machine',
    group: 'address',
    network: { peer: true },
    arrange: async (bench) => ({ url: (await bench.listen(statelessV1(), { host: HERE })).url() }),
    expect: { status: 'ok', notCauses: ['ipv6-localhost', 'bound-to-loopback', 'wrong-host'] },
  }),
];

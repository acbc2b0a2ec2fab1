import { defineFault, defineNearMiss, HERE, THERE } from '../fault.ts';
import { startDnsmasq } from '../servers/daemons.ts';
import { statefulV1, statelessV1 } from '../servers/sdk-v1.ts';

const NOW = ['--patience', '0'];
const RESOLVER = 'nameserver 127.0.0.1\noptions timeout:1 attempts:1\n';

export default [
  defineFault({
    id: 'wrong-host/listens-on-one-other-address',
    group: 'address',
    network: { peer: true },
    async arrange(bench) {
      const server = await bench.listen(statefulV1(), { host: HERE });
      return { url: server.url('/mcp', '127.0.0.1'), args: NOW };
    },
    expect: { status: 'failed', cause: 'wrong-host', certainty: 'proved', remedy: /10\.77\.0\.1/ },
  }),
  defineFault({
    id: 'wrong-host/unspecified-address',
    group: 'address',
    network: { peer: true },
    async arrange(bench) {
      const server = await bench.listen(statelessV1(), { host: HERE });
      return { url: server.url('/mcp', '0.0.0.0'), args: NOW };
    },
    expect: { status: 'failed', cause: 'wrong-host', notCauses: ['server-not-running'] },
  }),
  defineFault({
    id: 'wrong-host/placeholder',
    group: 'address',
    needs: ['dnsmasq'],
    network: { resolver: RESOLVER },
    async arrange(bench) {
      await startDnsmasq(bench, '--address=/example.com/');
      return { url: 'https://your-server.example.com/mcp', args: NOW };
    },
    expect: { status: 'failed', cause: 'wrong-host', layer: 'dns' },
  }),
  defineFault({
    id: 'wrong-host/placeholder-word',
    group: 'address',
    needs: ['dnsmasq'],
    network: { resolver: RESOLVER },
    async arrange(bench) {
      await startDnsmasq(bench, '--address=/#/');
      return { url: 'http://YOUR_HOST:3000/mcp', args: NOW };
    },
    expect: { status: 'failed', cause: 'wrong-host' },
  }),
  defineFault({
    id: 'wrong-host/host-docker-internal-outside',
    group: 'address',
    needs: ['dnsmasq'],
    network: { resolver: RESOLVER },
    async arrange(bench) {
      await startDnsmasq(bench, '--address=/#/');
      const server = await bench.listen(statefulV1());
      return { url: server.url('/mcp', 'host.docker.internal'), args: NOW };
    },
    // A lab that itself runs in a container has the name by right, only nobody gave it an address.
    expect: { status: 'failed', cause: ['wrong-host', 'dns-failure'], says: /host\.docker\.internal/ },
  }),
  defineFault({
    id: 'wrong-host/stale-hosts-line',
    group: 'address',
    needs: ['dnsmasq'],
    network: { hosts: `127.0.0.1 localhost\n10.77.0.9 mcp.lab.test\n`, resolver: RESOLVER, peer: true },
    async arrange(bench) {
      await startDnsmasq(bench, `--host-record=mcp.lab.test,${THERE}`);
      const server = await bench.serve('v1-stateless', { host: THERE, there: true });
      return { url: server.url('/mcp', 'mcp.lab.test'), args: NOW };
    },
    expect: { status: 'failed', cause: 'wrong-host', says: /10\.77\.0\.2/, notCauses: ['dns-failure'] },
    within: 15_000,
  }),
  defineFault({
    id: 'wrong-host/stale-hosts-line-refuses',
    group: 'address',
    needs: ['dnsmasq'],
    network: { hosts: `127.0.0.1 localhost mcp.lab.test\n`, resolver: RESOLVER, peer: true },
    async arrange(bench) {
      await startDnsmasq(bench, `--host-record=mcp.lab.test,${THERE}`);
      const server = await bench.serve('v1-stateless', { host: THERE, there: true });
      return { url: server.url('/mcp', 'mcp.lab.test'), args: NOW };
    },
    expect: { status: 'failed', cause: 'wrong-host', says: /hosts/ },
  }),
  defineNearMiss({
    id: 'wrong-host/unspecified-address-that-works',
    group: 'address',
    network: {},
    async arrange(bench) {
      const server = await bench.listen(statefulV1());
      return { url: server.url('/mcp', '0.0.0.0') };
    },
    // Linux takes it for loopback; other systems do not, so a warning is right as well.
    expect: { status: ['ok', 'warning'] },
  }),
  defineNearMiss({
    id: 'wrong-host/host-docker-internal-in-hosts-file',
    group: 'address',
    network: { hosts: '127.0.0.1 localhost host.docker.internal\n' },
    async arrange(bench) {
      const server = await bench.listen(statefulV1());
      return { url: server.url('/mcp', 'host.docker.internal') };
    },
    expect: { status: ['ok', 'warning'] },
  }),
  defineNearMiss({
    id: 'wrong-host/hosts-line-agrees',
    group: 'address',
    network: { hosts: `127.0.0.1 localhost\n${THERE} mcp.lab.test\n`, peer: true },
    async arrange(bench) {
      const server = await bench.serve('v1-stateful', { host: THERE, there: true });
      return { url: server.url('/mcp', 'mcp.lab.test') };
    },
    expect: { status: 'ok', notCauses: ['wrong-host'] },
  }),
];

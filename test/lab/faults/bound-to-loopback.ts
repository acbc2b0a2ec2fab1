import { defineFault, defineNearMiss, HERE, HERE6 } from '../fault.ts';
import { statefulV1, statelessV1 } from '../servers/sdk-v1.ts';

const NOW = ['--patience', '0'];

export default [
  defineFault({
    id: 'bound-to-loopback/address-of-this-machine',
    group: 'address',
    network: { peer: true },
    async arrange(bench) {
      const server = await bench.listen(statefulV1());
      return { url: server.url('/mcp', HERE), args: NOW };
    },
    expect: { status: 'failed', cause: 'bound-to-loopback', certainty: 'proved', layer: 'tcp', says: /127\.0\.0\.1/ },
  }),
  defineFault({
    id: 'bound-to-loopback/name-of-this-machine',
    group: 'address',
    network: { hosts: `127.0.0.1 localhost\n${HERE} workstation.lab.test\n`, peer: true },
    async arrange(bench) {
      const server = await bench.listen(statefulV1());
      return { url: server.url('/mcp', 'workstation.lab.test'), args: NOW };
    },
    expect: { status: 'failed', cause: 'bound-to-loopback', notCauses: ['server-not-running', 'wrong-port'] },
  }),
  defineFault({
    id: 'bound-to-loopback/ipv6',
    group: 'address',
    needs: ['ipv6'],
    network: { peer: true },
    async arrange(bench) {
      const server = await bench.listen(statelessV1(), { host: '::1' });
      return { url: server.url('/mcp', HERE6), args: NOW };
    },
    expect: { status: 'failed', cause: 'bound-to-loopback' },
  }),
  defineFault({
    id: 'bound-to-loopback/another-loopback-address',
    group: 'address',
    network: {},
    async arrange(bench) {
      const server = await bench.listen(statelessV1(), { host: '127.0.0.2' });
      return { url: server.url('/mcp', '127.0.0.1'), args: NOW };
    },
    expect: { status: 'failed', cause: 'bound-to-loopback', notCauses: ['server-not-running'] },
  }),
  defineNearMiss({
    id: 'bound-to-loopback/bound-to-all',
    group: 'address',
    network: { peer: true },
    async arrange(bench) {
      const server = await bench.listen(statefulV1(), { host: '0.0.0.0' });
      return { url: server.url('/mcp', HERE) };
    },
    expect: { status: 'ok', notCauses: ['bound-to-loopback'] },
  }),
  defineNearMiss({
    id: 'bound-to-loopback/nothing-anywhere',
    group: 'address',
    network: { peer: true },
    arrange: async (bench) => ({ url: `http://${HERE}:${await bench.freePort()}/mcp`, args: NOW }),
    expect: { status: 'failed', cause: 'server-not-running', notCauses: ['bound-to-loopback', 'host-unreachable'] },
  }),
];

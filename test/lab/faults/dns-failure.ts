import { createSocket } from 'node:dgram';
import type { Bench } from '../bench.ts';
import { defineFault, defineNearMiss, THERE } from '../fault.ts';
import { startDnsmasq } from '../servers/daemons.ts';
import { statefulV1 } from '../servers/sdk-v1.ts';

/** One name server on this machine, asked once for a second: glibc's default is five seconds, twice. */
const RESOLVER = 'nameserver 127.0.0.1\noptions timeout:1 attempts:1\n';
const URL = 'http://mcp.lab.test:3000/mcp';

/** A name server of our own that answers with this code, or never. */
async function nameServer(bench: Bench, answer: { readonly code: number } | 'silence', port = 53): Promise<void> {
  const socket = createSocket('udp4');
  bench.later(() => void socket.close());
  socket.on('message', (query, from) => {
    if (answer === 'silence') return;
    const reply = Buffer.from(query);
    // QR and RA set, the answer code in the low four bits (RFC 1035, 4.1.1).
    reply.writeUInt16BE(0x8080 | (query.readUInt16BE(2) & 0x0100) | answer.code, 2);
    socket.send(reply, from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(port, '127.0.0.1', resolve));
}

export default [
  defineFault({
    id: 'dns-failure/no-such-name',
    group: 'address',
    needs: ['dnsmasq'],
    network: { resolver: RESOLVER },
    async arrange(bench) {
      await startDnsmasq(bench, '--local=/lab.test/');
      return { url: URL };
    },
    expect: {
      status: 'failed',
      cause: 'dns-failure',
      layer: 'dns',
      says: /not (?:found|exist)|does not exist|no such|NXDOMAIN|ENOTFOUND|unknown/i,
    },
  }),
  defineFault({
    id: 'dns-failure/misspelt-localhost',
    group: 'address',
    needs: ['dnsmasq'],
    network: { resolver: RESOLVER },
    async arrange(bench) {
      await startDnsmasq(bench, '--address=/#/');
      const server = await bench.listen(statefulV1());
      return { url: server.url('/mcp', 'locahost') };
    },
    expect: { status: 'failed', cause: ['dns-failure', 'wrong-host'] },
  }),
  defineFault({
    id: 'dns-failure/server-failure',
    group: 'address',
    needs: ['dnsmasq'],
    network: { resolver: RESOLVER },
    async arrange(bench) {
      await nameServer(bench, { code: 2 }, 5300);
      await startDnsmasq(bench, '--server=127.0.0.1#5300');
      return { url: URL };
    },
    expect: { status: 'failed', cause: 'dns-failure', says: /resolver|name server|SERVFAIL|EAI_AGAIN/i },
    within: 12_000,
  }),
  defineFault({
    id: 'dns-failure/query-refused',
    group: 'address',
    needs: ['dnsmasq'],
    network: { resolver: RESOLVER },
    async arrange(bench) {
      // Without an upstream dnsmasq answers REFUSED to what it does not know.
      await startDnsmasq(bench);
      return { url: URL };
    },
    expect: { status: 'failed', cause: 'dns-failure', says: /refus/i },
    within: 12_000,
  }),
  defineFault({
    id: 'dns-failure/resolver-is-silent',
    group: 'address',
    network: { resolver: RESOLVER },
    async arrange(bench) {
      await nameServer(bench, 'silence');
      return { url: URL };
    },
    expect: { status: 'failed', cause: 'dns-failure', says: /answer|time|silent/i },
    within: 15_000,
  }),
  defineFault({
    id: 'dns-failure/resolver-is-not-running',
    group: 'address',
    network: { resolver: RESOLVER },
    arrange: () => ({ url: URL }),
    expect: { status: 'failed', cause: 'dns-failure' },
    within: 12_000,
  }),
  defineFault({
    id: 'dns-failure/name-without-address',
    group: 'address',
    needs: ['dnsmasq'],
    network: { resolver: RESOLVER },
    async arrange(bench) {
      await startDnsmasq(bench, '--txt-record=mcp.lab.test,hello', '--local=/lab.test/');
      return { url: URL };
    },
    expect: { status: 'failed', cause: 'dns-failure' },
    within: 12_000,
  }),
  defineNearMiss({
    id: 'dns-failure/name-resolves',
    group: 'address',
    needs: ['dnsmasq'],
    network: { resolver: RESOLVER, peer: true },
    async arrange(bench) {
      await startDnsmasq(bench, `--host-record=mcp.lab.test,${THERE}`);
      const server = await bench.serve('v1-stateful', { host: THERE, there: true });
      return { url: server.url('/mcp', 'mcp.lab.test') };
    },
    expect: { status: 'ok', notCauses: ['dns-failure'] },
  }),
  defineNearMiss({
    id: 'dns-failure/hosts-file-needs-no-resolver',
    group: 'address',
    network: { hosts: `127.0.0.1 localhost\n${THERE} mcp.lab.test\n`, resolver: RESOLVER, peer: true },
    async arrange(bench) {
      await nameServer(bench, 'silence');
      const server = await bench.serve('v1-stateful', { host: THERE, there: true });
      return { url: server.url('/mcp', 'mcp.lab.test') };
    },
    expect: { status: 'ok', notCauses: ['dns-failure'] },
  }),
];

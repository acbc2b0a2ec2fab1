import type { Bench } from '../bench.ts';
import { type Arranged, defineFault, defineNearMiss, THERE } from '../fault.ts';
import { startRedis, startSshd } from '../servers/daemons.ts';

/** The same programs as in `port-in-use`, on another machine: whose they are cannot be known. */
async function remote(bench: Bench, app: string): Promise<Arranged> {
  return { url: (await bench.serve(app, { host: THERE, there: true })).url() };
}

/** Raw bytes from another machine. */
async function remoteBytes(bench: Bench, hex: string): Promise<Arranged> {
  const script = `require('net').createServer((s) => s.once('data', () => s.end(Buffer.from('${hex}', 'hex'))).on('error', () => {})).listen(3000, '${THERE}', () => console.log('up'))`;
  await bench.program(process.execPath, ['-e', script], { there: true, until: /up/ });
  return { url: `http://${THERE}:3000/mcp` };
}

const NOT_MCP = { status: 'failed', cause: 'not-mcp', notCauses: ['port-in-use'] } as const;

export default [
  defineFault({
    id: 'not-mcp/single-page-app',
    group: 'http',
    network: { peer: true },
    arrange: (bench) => remote(bench, 'single-page-app'),
    expect: { ...NOT_MCP, layer: 'http', says: /HTML/i },
  }),
  defineFault({
    id: 'not-mcp/json-api',
    group: 'http',
    network: { peer: true },
    arrange: (bench) => remote(bench, 'json-api'),
    expect: NOT_MCP,
  }),
  defineFault({
    id: 'not-mcp/express-app',
    group: 'http',
    network: { peer: true },
    arrange: (bench) => remote(bench, 'express-app'),
    expect: { status: 'failed', cause: ['not-mcp', 'wrong-path'], notCauses: ['port-in-use'] },
  }),
  defineFault({
    id: 'not-mcp/accepts-everything-silently',
    group: 'http',
    network: { peer: true },
    arrange: (bench) => remote(bench, 'accepts-all'),
    expect: { ...NOT_MCP, says: /202|empty/i },
  }),
  defineFault({
    id: 'not-mcp/redis',
    group: 'http',
    needs: ['redis'],
    network: { peer: true },
    arrange: async (bench) => ({ url: (await startRedis(bench, { host: THERE, port: 6379, there: true })).url() }),
    expect: { ...NOT_MCP, says: /redis/i },
  }),
  defineFault({
    id: 'not-mcp/sshd',
    group: 'http',
    needs: ['sshd'],
    network: { peer: true },
    arrange: async (bench) => ({ url: (await startSshd(bench, { host: THERE, port: 2222, there: true })).url() }),
    expect: { ...NOT_MCP, says: /ssh/i },
  }),
  defineFault({
    id: 'not-mcp/binary-garbage',
    group: 'http',
    network: { peer: true },
    arrange: (bench) => remoteBytes(bench, '00ff13379c8d5a5affeedeadbeef00010203'),
    expect: NOT_MCP,
  }),
  defineFault({
    id: 'not-mcp/result-without-protocol',
    group: 'http',
    network: { peer: true },
    // JSON-RPC, but of another kind: every method yields the same result.
    arrange: (bench) =>
      remoteBytes(
        bench,
        Buffer.from(
          'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 40\r\n\r\n{"jsonrpc":"2.0","id":1,"result":"0x1b"}',
        ).toString('hex'),
      ),
    expect: { status: 'failed', cause: ['not-mcp', 'mcp-error'] },
  }),
  defineNearMiss({
    id: 'not-mcp/mcp-on-another-machine',
    group: 'http',
    network: { peer: true },
    arrange: (bench) => remote(bench, 'v1-stateful'),
    expect: { status: 'ok', notCauses: ['not-mcp'] },
  }),
  defineNearMiss({
    id: 'not-mcp/modern-on-another-machine',
    group: 'http',
    network: { peer: true },
    arrange: (bench) => remote(bench, 'v2-modern'),
    expect: { status: 'ok', notCauses: ['not-mcp', 'protocol-version'] },
  }),
];

import { defineFault, defineNearMiss } from '../fault.ts';
import { proxyTo, startNginx } from '../servers/daemons.ts';
import { custom } from '../servers/raw-http.ts';
import { rawMcp, type RawExchange } from '../servers/raw-mcp.ts';
import { sseV1, statefulV1 } from '../servers/sdk-v1.ts';

/** nginx as it is when nobody configures it for streams: HTTP/1.0 to the server, and the answer is collected first. */
function asIs(port: number): string {
  return `location / { proxy_pass http://127.0.0.1:${port}; proxy_ignore_headers X-Accel-Buffering; }`;
}

/** Answers with an event and, as the protocol allows, keeps the stream open. */
function openStream(value: unknown): (exchange: RawExchange) => void {
  return ({ response, rpc }) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`event: message\ndata: ${JSON.stringify({ jsonrpc: '2.0', id: rpc.id, result: value })}\n\n`);
  };
}

const HANDSHAKE = { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo: { name: 'lab-stream', version: '1' } };

export default [
  defineFault({
    id: 'stream-buffered/nginx-holds-the-sse-endpoint',
    group: 'http',
    needs: ['nginx'],
    async arrange(bench) {
      const server = await bench.listen(sseV1());
      const nginx = await startNginx(bench, { server: asIs(server.port) });
      return { url: nginx.url('/sse'), args: ['--transport', 'sse', '--timeout', '3000'] };
    },
    expect: { status: 'failed', cause: 'stream-buffered', notCauses: ['timeout-hang', 'port-in-use'] },
    within: 15_000,
  }),
  defineFault({
    id: 'stream-buffered/nginx-holds-the-answer',
    group: 'http',
    needs: ['nginx'],
    async arrange(bench) {
      const server = await bench.listen(rawMcp({ steps: { initialize: openStream(HANDSHAKE) } }));
      const nginx = await startNginx(bench, { server: asIs(server.port) });
      return { url: nginx.url(), args: ['--timeout', '3000'] };
    },
    expect: { status: 'failed', cause: 'stream-buffered', notCauses: ['timeout-hang', 'port-in-use'] },
    within: 15_000,
  }),
  defineFault({
    id: 'stream-buffered/nginx-holds-the-tools',
    group: 'mcp',
    needs: ['nginx'],
    async arrange(bench) {
      const server = await bench.listen(rawMcp({ steps: { 'tools/list': openStream({ tools: [] }) } }));
      const nginx = await startNginx(bench, { server: asIs(server.port) });
      return { url: nginx.url(), args: ['--timeout', '3000'] };
    },
    expect: { status: 'failed', cause: 'stream-buffered', layer: 'tools' },
    within: 15_000,
  }),
  defineFault({
    id: 'stream-buffered/head-passes-events-do-not',
    group: 'http',
    async arrange(bench) {
      const held = custom((_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream', via: '1.1 edge.lab.test (varnish)' });
        response.flushHeaders();
      });
      return { url: (await bench.listen(held)).url('/sse'), args: ['--transport', 'sse', '--timeout', '3000'] };
    },
    expect: { status: 'failed', cause: 'stream-buffered', notCauses: ['timeout-hang', 'port-in-use'] },
    within: 15_000,
  }),
  defineNearMiss({
    id: 'stream-buffered/nginx-passes-it-on',
    group: 'http',
    needs: ['nginx'],
    async arrange(bench) {
      const server = await bench.listen(rawMcp({ steps: { initialize: openStream(HANDSHAKE) } }));
      return { url: (await startNginx(bench, { server: proxyTo(`http://127.0.0.1:${server.port}`, 'proxy_buffering off;') })).url() };
    },
    expect: { status: 'ok', notCauses: ['stream-buffered'] },
  }),
  defineNearMiss({
    id: 'stream-buffered/streams-that-end-survive',
    group: 'http',
    needs: ['nginx'],
    async arrange(bench) {
      const server = await bench.listen(statefulV1());
      return { url: (await startNginx(bench, { server: asIs(server.port) })).url() };
    },
    expect: { status: 'ok', notCauses: ['stream-buffered'] },
  }),
  defineNearMiss({
    id: 'stream-buffered/open-stream-without-a-proxy',
    group: 'http',
    arrange: async (bench) => ({
      url: (await bench.listen(rawMcp({ steps: { initialize: openStream(HANDSHAKE), 'tools/list': openStream({ tools: [] }) } }))).url(),
    }),
    expect: { status: 'ok', notCauses: ['stream-buffered'] },
  }),
];

import { defineFault, defineNearMiss } from '../fault.ts';
import { proxyTo, startNginx } from '../servers/daemons.ts';
import { always, custom } from '../servers/raw-http.ts';
import { rawMcp } from '../servers/raw-mcp.ts';
import { statefulV1 } from '../servers/sdk-v1.ts';

const FAILS = { status: 'failed', cause: 'server-error', notCauses: ['port-in-use', 'not-mcp', 'upstream-down'] } as const;

export default [
  defineFault({
    id: 'server-error/500-text',
    group: 'http',
    arrange: async (bench) => ({ url: (await bench.listen(always(500, { 'content-type': 'text/plain' }, 'Internal Server Error'))).url() }),
    expect: { ...FAILS, layer: 'http', says: /500/ },
  }),
  defineFault({
    id: 'server-error/500-stack-of-express',
    group: 'http',
    async arrange(bench) {
      const stack =
        'TypeError: Cannot read properties of undefined (reading &#39;connect&#39;)<br> &nbsp; &nbsp;at /srv/app/server.js:42:18';
      const body = `<!DOCTYPE html><html><head><title>Error</title></head><body><pre>${stack}</pre></body></html>`;
      return {
        url: (await bench.listen(always(500, { 'content-type': 'text/html; charset=utf-8', 'x-powered-by': 'Express' }, body))).url(),
      };
    },
    expect: FAILS,
  }),
  defineFault({
    id: 'server-error/500-json-rpc',
    group: 'http',
    async arrange(bench) {
      const app = rawMcp({
        steps: {
          '*': ({ error }) => error(-32603, 'Internal server error', 500),
          initialize: ({ error }) => error(-32603, 'Internal server error', 500),
        },
      });
      return { url: (await bench.listen(app)).url() };
    },
    expect: FAILS,
  }),
  defineFault({
    id: 'server-error/initialize-alone',
    group: 'http',
    async arrange(bench) {
      // Whatever is cheap works; the handshake breaks.
      const app = rawMcp({ steps: { initialize: ({ send }) => send(500, 'text/plain', 'Internal Server Error') } });
      return { url: (await bench.listen(app)).url() };
    },
    expect: FAILS,
  }),
  defineFault({
    id: 'server-error/tools-alone',
    group: 'mcp',
    async arrange(bench) {
      const app = rawMcp({ steps: { 'tools/list': ({ send }) => send(500, 'text/plain', 'Internal Server Error') } });
      return { url: (await bench.listen(app)).url() };
    },
    expect: { ...FAILS, layer: 'tools' },
  }),
  defineFault({
    id: 'server-error/behind-a-healthy-nginx',
    group: 'http',
    needs: ['nginx'],
    async arrange(bench) {
      const server = await bench.listen(always(500, { 'content-type': 'text/plain' }, 'Internal Server Error'));
      return { url: (await startNginx(bench, { server: proxyTo(`http://127.0.0.1:${server.port}`) })).url() };
    },
    expect: FAILS,
  }),
  defineNearMiss({
    id: 'server-error/only-for-get',
    group: 'http',
    async arrange(bench) {
      const server = await statefulV1();
      const app = custom((request, response) => {
        if (request.method !== 'GET') return server.handle(request, response);
        response.writeHead(500).end('no stream here');
      });
      return { url: (await bench.listen({ ...app, ...(server.sessions === undefined ? {} : { sessions: server.sessions }) })).url() };
    },
    expect: { status: 'ok', notCauses: ['server-error'] },
  }),
];

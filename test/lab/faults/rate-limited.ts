import { defineFault, defineNearMiss } from '../fault.ts';
import { proxyTo, startNginx } from '../servers/daemons.ts';
import { always } from '../servers/raw-http.ts';
import { rawMcp } from '../servers/raw-mcp.ts';
import { statelessV1 } from '../servers/sdk-v1.ts';

const LIMITED = { status: 'failed', cause: 'rate-limited', notCauses: ['port-in-use', 'upstream-down'] } as const;

export default [
  defineFault({
    id: 'rate-limited/retry-after',
    group: 'http',
    arrange: async (bench) => ({
      url: (await bench.listen(always(429, { 'retry-after': '37', 'content-type': 'text/plain' }, 'Too many requests\n'))).url(),
    }),
    expect: { ...LIMITED, layer: 'http', says: /37/ },
  }),
  defineFault({
    id: 'rate-limited/without-retry-after',
    group: 'http',
    arrange: async (bench) => ({
      url: (await bench.listen(always(429, { 'content-type': 'application/json' }, '{"error":"rate_limit_exceeded"}'))).url(),
    }),
    expect: LIMITED,
  }),
  defineFault({
    id: 'rate-limited/nginx-limit',
    group: 'http',
    needs: ['nginx'],
    async arrange(bench) {
      const server = await bench.listen(statelessV1());
      const nginx = await startNginx(bench, {
        http: 'limit_req_zone $binary_remote_addr zone=lab:1m rate=1r/m;',
        server: `limit_req zone=lab; limit_req_status 429; ${proxyTo(`http://127.0.0.1:${server.port}`)}`,
      });
      // Somebody else used up this minute's request.
      await fetch(nginx.url()).then((answer) => answer.arrayBuffer());
      return { url: nginx.url() };
    },
    expect: LIMITED,
  }),
  defineFault({
    id: 'rate-limited/only-the-tools',
    group: 'mcp',
    async arrange(bench) {
      const app = rawMcp({ steps: { 'tools/list': ({ send }) => send(429, 'text/plain', 'slow down\n', { 'retry-after': '5' }) } });
      return { url: (await bench.listen(app)).url() };
    },
    expect: { ...LIMITED, layer: 'tools' },
  }),
  defineNearMiss({
    id: 'rate-limited/limit-is-not-reached',
    group: 'http',
    needs: ['nginx'],
    async arrange(bench) {
      const server = await bench.listen(statelessV1());
      const nginx = await startNginx(bench, {
        http: 'limit_req_zone $binary_remote_addr zone=lab:1m rate=100r/s;',
        server: `limit_req zone=lab burst=50 nodelay; limit_req_status 429; ${proxyTo(`http://127.0.0.1:${server.port}`)}`,
      });
      return { url: nginx.url() };
    },
    expect: { status: 'ok', notCauses: ['rate-limited'] },
  }),
];

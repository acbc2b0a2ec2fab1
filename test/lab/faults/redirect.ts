import { createSelfSigned } from '../certificates.ts';
import { defineFault, defineNearMiss } from '../fault.ts';
import type { App } from '../servers/app.ts';
import { startNginx, startPython } from '../servers/daemons.ts';
import { always, custom } from '../servers/raw-http.ts';
import { statefulV1, statelessV1 } from '../servers/sdk-v1.ts';

const REDIRECTED = { status: 'failed', cause: 'redirect', layer: 'http', notCauses: ['port-in-use', 'not-mcp', 'auth-required'] } as const;

/** A healthy server with one other path that redirects to it. */
async function redirecting(status: number): Promise<App> {
  const server = await statelessV1();
  return custom((request, response) => {
    if (request.url === '/mcp') return server.handle(request, response);
    response.writeHead(status, { location: '/mcp' }).end();
  });
}

export default [
  defineFault({
    id: 'redirect/nginx-to-https',
    group: 'http',
    needs: ['nginx'],
    network: {},
    async arrange(bench) {
      const server = await bench.listen(statelessV1());
      const secure = await startNginx(bench, {
        tls: await createSelfSigned(),
        server: `location / { proxy_pass http://127.0.0.1:${server.port}; }`,
      });
      const plain = await startNginx(bench, { server: `return 301 https://127.0.0.1:${secure.port}$request_uri;` });
      return { url: plain.url() };
    },
    expect: { ...REDIRECTED, remedy: /https:\/\// },
  }),
  defineFault({
    id: 'redirect/302-same-origin-loses-the-post',
    group: 'http',
    network: {},
    arrange: async (bench) => ({ url: (await bench.listen(redirecting(302))).url('/') }),
    expect: { ...REDIRECTED, remedy: /\/mcp/ },
  }),
  defineFault({
    id: 'redirect/301-same-origin',
    group: 'http',
    network: {},
    arrange: async (bench) => ({ url: (await bench.listen(redirecting(301))).url('/v1') }),
    expect: REDIRECTED,
  }),
  defineFault({
    id: 'redirect/303-same-origin',
    group: 'http',
    network: {},
    arrange: async (bench) => ({ url: (await bench.listen(redirecting(303))).url('/v1') }),
    expect: REDIRECTED,
  }),
  defineFault({
    id: 'redirect/307-to-another-origin',
    group: 'http',
    network: {},
    async arrange(bench) {
      const server = await statefulV1();
      const seen: string[] = [];
      const spied: App = {
        handle(request, response) {
          if (request.headers.authorization !== undefined) seen.push('sent the credentials to the redirect’s origin');
          server.handle(request, response);
        },
      };
      const elsewhere = await bench.listen(spied);
      const first = await bench.listen(always(307, { location: elsewhere.url() }));
      return { url: first.url(), args: ['--header', 'Authorization: Bearer t0ps3cret-value'], check: () => seen };
    },
    expect: REDIRECTED,
    secrets: ['t0ps3cret-value'],
  }),
  defineFault({
    id: 'redirect/308-to-another-port',
    group: 'http',
    network: {},
    async arrange(bench) {
      const elsewhere = await bench.listen(statefulV1());
      return { url: (await bench.listen(always(308, { location: elsewhere.url() }))).url() };
    },
    expect: REDIRECTED,
  }),
  defineFault({
    id: 'redirect/loop',
    group: 'http',
    network: {},
    arrange: async (bench) => ({ url: (await bench.listen(always(307, { location: '/mcp' }))).url() }),
    expect: REDIRECTED,
  }),
  defineNearMiss({
    id: 'redirect/307-same-origin-is-followed',
    group: 'http',
    arrange: async (bench) => ({ url: (await bench.listen(redirecting(307))).url('/mcp/') }),
    expect: { status: ['ok', 'warning'] },
  }),
  defineNearMiss({
    id: 'redirect/308-same-origin-is-followed',
    group: 'http',
    arrange: async (bench) => ({ url: (await bench.listen(redirecting(308))).url('/api') }),
    expect: { status: ['ok', 'warning'] },
  }),
  defineNearMiss({
    id: 'redirect/fastmcp-trailing-slash',
    group: 'http',
    needs: ['python-1'],
    arrange: async (bench) => ({ url: (await startPython(bench, { version: 1, transport: 'http' })).url('/mcp/') }),
    expect: { status: ['ok', 'warning'] },
  }),
];

import { defineFault, defineNearMiss } from '../fault.ts';
import { startNginx, proxyTo } from '../servers/daemons.ts';
import { always, custom } from '../servers/raw-http.ts';
import { statefulV1, statelessV1 } from '../servers/sdk-v1.ts';

const WALL = { status: 'failed', cause: 'auth-required', layer: 'http', notCauses: ['auth-rejected', 'port-in-use', 'redirect'] } as const;

export default [
  defineFault({
    id: 'auth-required/bearer-with-metadata',
    group: 'http',
    arrange: async (bench) => ({ url: (await bench.listen(statefulV1({ token: 'right' }))).url() }),
    expect: { ...WALL, says: /login\.example\.test/ },
  }),
  defineFault({
    id: 'auth-required/401-without-challenge',
    group: 'http',
    arrange: async (bench) => ({
      url: (await bench.listen(always(401, { 'content-type': 'application/json' }, '{"error":"Unauthorized"}'))).url(),
    }),
    expect: WALL,
  }),
  defineFault({
    id: 'auth-required/nginx-basic',
    group: 'http',
    needs: ['nginx'],
    async arrange(bench) {
      const server = await bench.listen(statelessV1());
      const users = await bench.file('users', 'alice:{PLAIN}wonderland\n');
      return {
        url: (
          await startNginx(bench, {
            server: `auth_basic "lab"; auth_basic_user_file ${users}; ${proxyTo(`http://127.0.0.1:${server.port}`)}`,
          })
        ).url(),
      };
    },
    expect: { ...WALL, says: /Basic/i },
  }),
  defineFault({
    id: 'auth-required/302-to-a-login-page',
    group: 'http',
    async arrange(bench) {
      const app = custom((request, response) => {
        if (request.url?.startsWith('/login') === true) {
          response.writeHead(200, { 'content-type': 'text/html' }).end('<form><input type="password"></form>');
          return;
        }
        response.writeHead(302, { location: '/login?next=%2Fmcp' }).end();
      });
      return { url: (await bench.listen(app)).url() };
    },
    expect: WALL,
  }),
  defineFault({
    id: 'auth-required/302-to-a-login-host',
    group: 'http',
    arrange: async (bench) => ({
      url: (await bench.listen(always(302, { location: 'https://login.example.test/oauth2/authorize?client_id=1' }))).url(),
    }),
    expect: WALL,
  }),
  defineFault({
    id: 'auth-required/403-that-asks-for-a-key',
    group: 'http',
    arrange: async (bench) => ({
      url: (
        await bench.listen(
          always(403, { 'content-type': 'application/json' }, '{"message":"Missing Authentication Token: send an API key"}'),
        )
      ).url(),
    }),
    expect: WALL,
  }),
  defineFault({
    id: 'auth-required/json-rpc-401',
    group: 'http',
    async arrange(bench) {
      const body = '{"jsonrpc":"2.0","error":{"code":-32001,"message":"Unauthorized: token required"},"id":null}';
      return { url: (await bench.listen(always(401, { 'content-type': 'application/json', 'www-authenticate': 'Bearer' }, body))).url() };
    },
    // The body is JSON-RPC, so the refusal may count for either layer.
    expect: { status: 'failed', cause: 'auth-required', notCauses: ['mcp-error', 'port-in-use'] },
  }),
  defineNearMiss({
    id: 'auth-required/token-is-sent',
    group: 'http',
    arrange: async (bench) => ({
      url: (await bench.listen(statefulV1({ token: 'right-token-9' }))).url(),
      args: ['--header', 'Authorization: Bearer right-token-9'],
    }),
    expect: { status: 'ok', notCauses: ['auth-required', 'auth-rejected'] },
    secrets: ['right-token-9'],
  }),
  defineNearMiss({
    id: 'auth-required/password-in-the-url',
    group: 'http',
    needs: ['nginx'],
    async arrange(bench) {
      const server = await bench.listen(statelessV1());
      const users = await bench.file('users', 'alice:{PLAIN}wonderland\n');
      const nginx = await startNginx(bench, {
        server: `auth_basic "lab"; auth_basic_user_file ${users}; ${proxyTo(`http://127.0.0.1:${server.port}`)}`,
      });
      return { url: nginx.url().replace('://', '://alice:wonderland@') };
    },
    expect: { status: 'ok' },
    secrets: ['wonderland', Buffer.from('alice:wonderland').toString('base64')],
  }),
];

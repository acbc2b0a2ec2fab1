import { defineFault, defineNearMiss } from '../fault.ts';
import { proxyTo, startNginx } from '../servers/daemons.ts';
import { always } from '../servers/raw-http.ts';
import { statefulV1, statelessV1 } from '../servers/sdk-v1.ts';

const REJECTED = { status: 'failed', cause: 'auth-rejected', layer: 'http', notCauses: ['auth-required', 'port-in-use'] } as const;

export default [
  defineFault({
    id: 'auth-rejected/wrong-token',
    group: 'http',
    arrange: async (bench) => ({
      url: (await bench.listen(statefulV1({ token: 'right' }))).url(),
      args: ['--header', 'Authorization: Bearer wr0ng-token-77'],
    }),
    expect: REJECTED,
    secrets: ['wr0ng-token-77'],
  }),
  defineFault({
    id: 'auth-rejected/403-with-credentials',
    group: 'http',
    arrange: async (bench) => ({
      url: (
        await bench.listen(always(403, { 'content-type': 'application/json' }, '{"error":"forbidden","message":"This key has no access"}'))
      ).url(),
      args: ['--header', 'X-API-Key: k3y-of-the-user'],
    }),
    expect: REJECTED,
    secrets: ['k3y-of-the-user'],
  }),
  defineFault({
    id: 'auth-rejected/insufficient-scope',
    group: 'http',
    arrange: async (bench) => ({
      url: (await bench.listen(always(403, { 'www-authenticate': 'Bearer error="insufficient_scope", scope="tools:write"' }))).url(),
      args: ['--header', 'Authorization: Bearer narrow-token-5'],
    }),
    expect: { ...REJECTED, says: /scope/i },
    secrets: ['narrow-token-5'],
  }),
  defineFault({
    id: 'auth-rejected/wrong-password-in-the-url',
    group: 'http',
    needs: ['nginx'],
    async arrange(bench) {
      const server = await bench.listen(statelessV1());
      const users = await bench.file('users', 'alice:{PLAIN}wonderland\n');
      const nginx = await startNginx(bench, {
        server: `auth_basic "lab"; auth_basic_user_file ${users}; ${proxyTo(`http://127.0.0.1:${server.port}`)}`,
      });
      return { url: nginx.url().replace('://', '://alice:l00king-glass@') };
    },
    expect: REJECTED,
    secrets: ['l00king-glass', Buffer.from('alice:l00king-glass').toString('base64')],
  }),
  defineFault({
    id: 'auth-rejected/echoes-the-token',
    group: 'http',
    arrange: async (bench) => ({
      // A server that repeats what it was sent must not make us repeat it.
      url: (await bench.listen(always(401, { 'content-type': 'text/plain' }, 'unknown token ech0ed-t0ken'))).url(),
      args: ['--header', 'Authorization: Bearer ech0ed-t0ken'],
    }),
    expect: REJECTED,
    secrets: ['ech0ed-t0ken'],
  }),
  defineNearMiss({
    id: 'auth-rejected/other-headers-are-no-credentials',
    group: 'http',
    arrange: async (bench) => ({ url: (await bench.listen(statefulV1({ token: 'right' }))).url(), args: ['--header', 'X-Team: blue'] }),
    expect: { status: 'failed', cause: 'auth-required', notCauses: ['auth-rejected'] },
  }),
];

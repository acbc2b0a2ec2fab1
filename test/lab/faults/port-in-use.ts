import { defineFault, defineNearMiss } from '../fault.ts';
import { proxyTo, startNginx, startRedis, startSquid, startSshd } from '../servers/daemons.ts';
import { custom, expressApp, fastApi, jsonApi, singlePageApp, viteDevServer } from '../servers/raw-http.ts';
import { greets } from '../servers/raw-tcp.ts';
import { rawMcp } from '../servers/raw-mcp.ts';
import { statefulV1 } from '../servers/sdk-v1.ts';

const TAKEN = { status: 'failed', cause: 'port-in-use', notCauses: ['wrong-path'] } as const;

export default [
  defineFault({
    id: 'port-in-use/vite-dev-server',
    group: 'process',
    network: {},
    arrange: async (bench) => ({ url: (await bench.listen(viteDevServer())).url() }),
    expect: { ...TAKEN, says: /vite/i },
  }),
  defineFault({
    id: 'port-in-use/single-page-app',
    group: 'process',
    network: {},
    arrange: async (bench) => ({ url: (await bench.listen(singlePageApp())).url() }),
    expect: { ...TAKEN, remedy: /kill|ss |lsof|another port/ },
  }),
  defineFault({
    id: 'port-in-use/express-app',
    group: 'process',
    network: {},
    arrange: async (bench) => ({ url: (await bench.listen(expressApp())).url() }),
    expect: TAKEN,
  }),
  defineFault({
    id: 'port-in-use/fastapi-program',
    group: 'process',
    network: {},
    arrange: async (bench) => ({ url: (await bench.listen(fastApi())).url() }),
    expect: TAKEN,
  }),
  defineFault({
    id: 'port-in-use/json-api',
    group: 'process',
    network: {},
    arrange: async (bench) => ({ url: (await bench.listen(jsonApi())).url() }),
    expect: TAKEN,
  }),
  defineFault({
    id: 'port-in-use/python-http-server',
    group: 'process',
    needs: ['python-1'],
    network: {},
    async arrange(bench) {
      const port = await bench.freePort();
      await bench.program('python3', ['-m', 'http.server', String(port), '--bind', '127.0.0.1'], { accepts: { port } });
      // It answers 501 to a POST: what counts is who holds the port.
      return { url: `http://127.0.0.1:${port}/mcp` };
    },
    expect: { ...TAKEN, says: /python/i },
  }),
  defineFault({
    id: 'port-in-use/nginx-default-page',
    group: 'process',
    needs: ['nginx'],
    network: {},
    async arrange(bench) {
      const root = await bench.folder();
      const nginx = await startNginx(bench, { server: `root ${root}; location = / { return 200 "<h1>Welcome to nginx!</h1>"; }` });
      return { url: nginx.url() };
    },
    expect: { ...TAKEN, says: /nginx/ },
  }),
  defineFault({
    id: 'port-in-use/redis',
    group: 'process',
    needs: ['redis'],
    network: {},
    arrange: async (bench) => ({ url: (await startRedis(bench)).url() }),
    expect: { ...TAKEN, says: /redis/i },
  }),
  defineFault({
    id: 'port-in-use/sshd',
    group: 'process',
    needs: ['sshd'],
    network: {},
    arrange: async (bench) => ({ url: (await startSshd(bench)).url() }),
    expect: { ...TAKEN, says: /ssh/i },
  }),
  defineFault({
    id: 'port-in-use/mysql-greeting',
    group: 'process',
    network: {},
    async arrange(bench) {
      const greeting = Buffer.from(
        '4a0000000a382e302e333600080000003b5a1f0c6d7e2b4100ffffff0200ffdf15000000000000000000003f2a5b1c0d6e7f3142535364006d7973716c5f6e61746976655f70617373776f726400',
        'hex',
      );
      return { url: (await bench.tcp(greets(greeting))).url() };
    },
    expect: { ...TAKEN, says: /mysql/i },
  }),
  defineFault({
    id: 'port-in-use/smtp-greeting',
    group: 'process',
    network: {},
    arrange: async (bench) => ({ url: (await bench.tcp(greets('220 mail.lab.test ESMTP Postfix\r\n'))).url() }),
    expect: TAKEN,
  }),
  defineFault({
    id: 'port-in-use/squid-itself',
    group: 'process',
    needs: ['squid'],
    network: {},
    arrange: async (bench) => ({ url: (await startSquid(bench, { rules: 'http_access deny all' })).url() }),
    expect: { ...TAKEN, cause: 'port-in-use', says: /squid/i },
  }),
  defineFault({
    id: 'port-in-use/boot-output-says-so',
    group: 'process',
    network: {},
    async arrange(bench) {
      // The command dies over a second port that another program holds.
      const taken = await bench.listen(jsonApi());
      const port = await bench.freePort();
      const server = await bench.file(
        'server.mjs',
        `import { createServer } from 'node:http'; createServer().listen(${taken.port}, '127.0.0.1', () => createServer().listen(${port}));\n`,
      );
      return { url: `http://127.0.0.1:${port}/mcp`, args: ['--patience', '0', '--start', `${process.execPath} ${server}`] };
    },
    expect: { status: 'failed', cause: 'port-in-use', notCauses: ['crash-on-boot'], says: /EADDRINUSE|in use/ },
  }),
  defineNearMiss({
    id: 'port-in-use/home-page-beside-mcp',
    group: 'process',
    async arrange(bench) {
      const mcp = await statefulV1();
      const page = singlePageApp();
      const both = custom((request, response) => (request.url === '/mcp' ? mcp : page).handle(request, response));
      return { url: (await bench.listen({ ...both, ...(mcp.sessions === undefined ? {} : { sessions: mcp.sessions }) })).url() };
    },
    expect: { status: 'ok' },
  }),
  defineNearMiss({
    id: 'port-in-use/nginx-in-front-of-mcp',
    group: 'process',
    needs: ['nginx'],
    async arrange(bench) {
      const server = await bench.listen(statefulV1());
      return { url: (await startNginx(bench, { server: proxyTo(`http://127.0.0.1:${server.port}`) })).url() };
    },
    expect: { status: 'ok' },
  }),
  defineNearMiss({
    id: 'port-in-use/server-that-fails-is-no-other-program',
    group: 'process',
    network: {},
    async arrange(bench) {
      const app = rawMcp({ steps: { initialize: ({ error }) => error(-32603, 'Internal error: the index is locked') } });
      return { url: (await bench.listen(app)).url() };
    },
    expect: { status: 'failed', cause: 'mcp-error', notCauses: ['port-in-use', 'not-mcp'] },
  }),
];

import type { IncomingMessage, ServerResponse } from 'node:http';
import { defineFault, defineNearMiss, HERE } from '../fault.ts';
import { startNginx, startPython } from '../servers/daemons.ts';
import { custom } from '../servers/raw-http.ts';
import { statefulV1, statelessV1 } from '../servers/sdk-v1.ts';
import { dualV2 } from '../servers/sdk-v2.ts';

const HOSTS = '127.0.0.1 localhost mcp.lab.test\n';
const LOCAL = ['localhost', '127.0.0.1'];
const REJECTED = {
  status: 'failed',
  cause: 'origin-host-rejected',
  notCauses: ['auth-required', 'auth-rejected', 'port-in-use'],
} as const;

export default [
  defineFault({
    id: 'origin-host-rejected/sdk-v1',
    group: 'http',
    network: { hosts: HOSTS },
    arrange: async (bench) => ({ url: (await bench.listen(statefulV1({ hosts: LOCAL }))).url('/mcp', 'mcp.lab.test') }),
    expect: { ...REJECTED, says: /mcp\.lab\.test/ },
  }),
  defineFault({
    id: 'origin-host-rejected/sdk-v1-express',
    group: 'http',
    network: { hosts: HOSTS },
    async arrange(bench) {
      const { createMcpExpressApp } = await import('@modelcontextprotocol/sdk/server/express.js');
      const app = createMcpExpressApp();
      const server = await statelessV1();
      app.all('/mcp', (request: IncomingMessage, response: ServerResponse) => server.handle(request, response));
      return { url: (await bench.listen({ handle: app })).url('/mcp', 'mcp.lab.test') };
    },
    expect: REJECTED,
  }),
  defineFault({
    id: 'origin-host-rejected/sdk-v2',
    group: 'http',
    network: { hosts: HOSTS },
    arrange: async (bench) => ({ url: (await bench.listen(dualV2({ hosts: LOCAL }))).url('/mcp', 'mcp.lab.test') }),
    expect: REJECTED,
  }),
  defineFault({
    id: 'origin-host-rejected/fastmcp-421',
    group: 'http',
    needs: ['python-1'],
    network: { hosts: HOSTS },
    async arrange(bench) {
      // mcp 1.29 opens a session for the very `initialize` it then refuses, and names its id to nobody.
      const server = await startPython(bench, { version: 1, transport: 'http', uncounted: true });
      return { url: server.url('/mcp', 'mcp.lab.test') };
    },
    expect: REJECTED,
  }),
  defineFault({
    id: 'origin-host-rejected/python-2-421',
    group: 'http',
    needs: ['python-2'],
    network: { hosts: HOSTS },
    async arrange(bench) {
      const server = await startPython(bench, { version: 2, transport: 'http' });
      return { url: server.url('/mcp', 'mcp.lab.test') };
    },
    expect: REJECTED,
  }),
  defineFault({
    id: 'origin-host-rejected/address-of-this-machine',
    group: 'http',
    network: { peer: true },
    arrange: async (bench) => ({ url: (await bench.listen(statefulV1({ hosts: LOCAL }), { host: '0.0.0.0' })).url('/mcp', HERE) }),
    expect: REJECTED,
  }),
  defineFault({
    id: 'origin-host-rejected/nginx-421',
    group: 'http',
    needs: ['nginx'],
    network: { hosts: HOSTS },
    async arrange(bench) {
      const server = await bench.listen(statelessV1());
      const nginx = await startNginx(bench, {
        server: `if ($host !~ ^(localhost|127\\.0\\.0\\.1)$) { return 421; } location / { proxy_pass http://127.0.0.1:${server.port}; }`,
      });
      return { url: nginx.url('/mcp', 'mcp.lab.test') };
    },
    expect: REJECTED,
  }),
  defineFault({
    id: 'origin-host-rejected/origin',
    group: 'http',
    network: {},
    async arrange(bench) {
      const server = await statelessV1();
      const guarded = custom((request, response) => {
        const { origin } = request.headers;
        if (origin === undefined || origin.startsWith('http://localhost')) return server.handle(request, response);
        response.writeHead(403, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ jsonrpc: '2.0', error: { code: -32000, message: `Invalid Origin: ${origin}` }, id: null }));
      });
      return { url: (await bench.listen(guarded)).url(), args: ['--header', 'Origin: https://app.lab.test'] };
    },
    expect: { ...REJECTED, says: /Origin/ },
  }),
  defineNearMiss({
    id: 'origin-host-rejected/guard-lets-in',
    group: 'http',
    arrange: async (bench) => ({ url: (await bench.listen(statefulV1({ hosts: LOCAL }))).url() }),
    expect: { status: 'ok', notCauses: ['origin-host-rejected'] },
  }),
  defineNearMiss({
    id: 'origin-host-rejected/fastmcp-by-address',
    group: 'http',
    needs: ['python-1'],
    arrange: async (bench) => ({ url: (await startPython(bench, { version: 1, transport: 'http' })).url() }),
    expect: { status: 'ok', notCauses: ['origin-host-rejected'] },
  }),
];

import { defineFault, defineNearMiss } from '../fault.ts';
import type { App } from '../servers/app.ts';
import { startEverything, startPython } from '../servers/daemons.ts';
import { expressApp, viteDevServer } from '../servers/raw-http.ts';
import { sseV1, statefulV1, statelessV1 } from '../servers/sdk-v1.ts';
import { modernV2 } from '../servers/sdk-v2.ts';

const NOW = ['--patience', '0'];
const SECRET = 'Bearer s3cr3t-of-the-user';

export default [
  defineFault({
    id: 'wrong-port/stateful-elsewhere',
    group: 'process',
    network: {},
    async arrange(bench) {
      const server = await bench.listen(statefulV1());
      return {
        url: `http://127.0.0.1:${await bench.freePort()}/mcp`,
        args: NOW,
        check: (run) => (run.stdout.includes(String(server.port)) ? [] : ['does not name the port']),
      };
    },
    expect: { status: 'failed', cause: 'wrong-port', notCauses: ['server-not-running'] },
  }),
  defineFault({
    id: 'wrong-port/modern-elsewhere',
    group: 'process',
    network: {},
    async arrange(bench) {
      await bench.listen(modernV2(), { port: 3001 });
      return { url: 'http://127.0.0.1:3000/mcp', args: NOW };
    },
    expect: { status: 'failed', cause: 'wrong-port', remedy: /127\.0\.0\.1:3001\/mcp/ },
  }),
  defineFault({
    id: 'wrong-port/fastmcp-default-port',
    group: 'process',
    needs: ['python-1'],
    network: {},
    async arrange(bench) {
      await startPython(bench, { version: 1, transport: 'http', port: 8000 });
      return { url: 'http://127.0.0.1:3000/mcp', args: NOW };
    },
    expect: { status: 'failed', cause: 'wrong-port', remedy: /:8000\/mcp/ },
  }),
  defineFault({
    id: 'wrong-port/everything-elsewhere',
    group: 'process',
    network: {},
    async arrange(bench) {
      await startEverything(bench, 'streamableHttp', { port: 3005 });
      return { url: 'http://127.0.0.1:3000/mcp', args: NOW };
    },
    expect: { status: 'failed', cause: 'wrong-port', remedy: /:3005\/mcp/ },
  }),
  defineFault({
    id: 'wrong-port/sse-elsewhere',
    group: 'process',
    network: {},
    async arrange(bench) {
      const server = await bench.listen(sseV1());
      return {
        url: `http://127.0.0.1:${await bench.freePort()}/sse`,
        args: [...NOW, '--transport', 'sse'],
        check: (run) => (run.stdout.includes(String(server.port)) ? [] : ['does not name the port']),
      };
    },
    expect: { status: 'failed', cause: 'wrong-port' },
  }),
  defineFault({
    id: 'wrong-port/on-every-interface-elsewhere',
    group: 'process',
    needs: ['ipv6'],
    network: {},
    async arrange(bench) {
      await bench.listen(statelessV1(), { host: '::', port: 8080 });
      return { url: 'http://localhost:3000/mcp', args: NOW };
    },
    expect: { status: 'failed', cause: 'wrong-port', remedy: /:8080\/mcp/ },
  }),
  defineFault({
    id: 'wrong-port/dev-server-took-the-first',
    group: 'process',
    network: {},
    async arrange(bench) {
      await bench.listen(viteDevServer(), { port: 3000 });
      await bench.listen(statefulV1(), { port: 3001 });
      return {
        url: 'http://127.0.0.1:3000/mcp',
        args: NOW,
        check: (run) => (run.stdout.includes('3001') ? [] : ['does not tell of the server on 3001']),
      };
    },
    expect: { status: 'failed', cause: ['port-in-use', 'wrong-port'] },
  }),
  defineFault({
    id: 'wrong-port/credentials-stay-home',
    group: 'process',
    network: {},
    async arrange(bench) {
      const server = await statelessV1();
      const seen: string[] = [];
      const spy: App = {
        handle(request, response) {
          if (request.headers.authorization !== undefined || request.headers['x-team'] !== undefined)
            seen.push(`${request.method} ${request.url}`);
          server.handle(request, response);
        },
      };
      await bench.listen(spy);
      return {
        url: `http://127.0.0.1:${await bench.freePort()}/mcp`,
        args: [...NOW, '--header', `Authorization: ${SECRET}`, '--header', 'X-Team: blue'],
        check: () => seen.map((request) => `sent the configured headers to another port: ${request}`),
      };
    },
    expect: { status: 'failed', cause: 'wrong-port' },
    secrets: ['s3cr3t-of-the-user'],
  }),
  defineNearMiss({
    id: 'wrong-port/neighbour-is-no-mcp',
    group: 'process',
    network: {},
    async arrange(bench) {
      await bench.listen(expressApp(), { port: 3001 });
      return { url: 'http://127.0.0.1:3000/mcp', args: NOW };
    },
    expect: { status: 'failed', cause: 'server-not-running', notCauses: ['wrong-port'] },
  }),
  defineNearMiss({
    id: 'wrong-port/two-servers-both-right',
    group: 'process',
    network: {},
    async arrange(bench) {
      await bench.listen(statefulV1(), { port: 3001 });
      return { url: (await bench.listen(statefulV1(), { port: 3000 })).url() };
    },
    expect: { status: 'ok', notCauses: ['wrong-port'] },
  }),
];

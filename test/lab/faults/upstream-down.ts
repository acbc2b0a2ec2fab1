import { defineFault, defineNearMiss, THERE } from '../fault.ts';
import { proxyTo, startNginx } from '../servers/daemons.ts';
import { rawMcp } from '../servers/raw-mcp.ts';
import { silent } from '../servers/raw-tcp.ts';
import { statefulV1 } from '../servers/sdk-v1.ts';

const DOWN = { status: 'failed', cause: 'upstream-down', layer: 'http', notCauses: ['port-in-use', 'server-error', 'not-mcp'] } as const;

export default [
  defineFault({
    id: 'upstream-down/nginx-502',
    group: 'http',
    needs: ['nginx'],
    network: {},
    arrange: async (bench) => ({ url: (await startNginx(bench, { server: proxyTo(`http://127.0.0.1:${await bench.freePort()}`) })).url() }),
    expect: { ...DOWN, says: /502/ },
  }),
  defineFault({
    id: 'upstream-down/nginx-502-unix-socket',
    group: 'http',
    needs: ['nginx'],
    network: {},
    arrange: async (bench) => ({
      url: (await startNginx(bench, { server: proxyTo(`http://unix:${await bench.folder()}/no.sock`) })).url(),
    }),
    expect: DOWN,
  }),
  defineFault({
    id: 'upstream-down/nginx-504',
    group: 'http',
    needs: ['nginx'],
    network: {},
    async arrange(bench) {
      const stuck = await bench.tcp(silent);
      return { url: (await startNginx(bench, { server: proxyTo(`http://127.0.0.1:${stuck.port}`, 'proxy_read_timeout 1s;') })).url() };
    },
    expect: { ...DOWN, says: /504/ },
    within: 15_000,
  }),
  defineFault({
    id: 'upstream-down/nginx-503-maintenance',
    group: 'http',
    needs: ['nginx'],
    network: {},
    arrange: async (bench) => ({ url: (await startNginx(bench, { server: 'add_header Retry-After 120 always; return 503;' })).url() }),
    expect: { ...DOWN, says: /503/ },
  }),
  defineFault({
    id: 'upstream-down/upstream-resets',
    group: 'http',
    needs: ['nginx'],
    network: {},
    async arrange(bench) {
      const resets = await bench.tcp((socket) => socket.once('data', () => socket.resetAndDestroy()));
      return { url: (await startNginx(bench, { server: proxyTo(`http://127.0.0.1:${resets.port}`) })).url() };
    },
    expect: DOWN,
  }),
  defineFault({
    id: 'upstream-down/on-another-machine',
    group: 'http',
    network: { peer: true },
    arrange: async (bench) => ({ url: (await bench.serve('bad-gateway', { host: THERE, there: true })).url() }),
    expect: DOWN,
  }),
  defineNearMiss({
    id: 'upstream-down/upstream-is-up',
    group: 'http',
    needs: ['nginx'],
    async arrange(bench) {
      const server = await bench.listen(statefulV1());
      return { url: (await startNginx(bench, { server: proxyTo(`http://127.0.0.1:${server.port}`) })).url() };
    },
    expect: { status: 'ok', notCauses: ['upstream-down'] },
  }),
  defineNearMiss({
    id: 'upstream-down/gateway-status-of-tools-only',
    group: 'mcp',
    async arrange(bench) {
      const app = rawMcp({
        steps: { 'tools/list': ({ send }) => send(502, 'text/html', '<html>502 Bad Gateway</html>', { server: 'nginx' }) },
      });
      return { url: (await bench.listen(app)).url() };
    },
    expect: { status: 'failed', cause: 'upstream-down', layer: 'tools' },
  }),
];

import { defineFault, defineNearMiss, THERE } from '../fault.ts';
import { startNginx } from '../servers/daemons.ts';
import { custom } from '../servers/raw-http.ts';
import { closeAfterRequest, closeAtOnce, resetAfterRequest, resetAtOnce, says } from '../servers/raw-tcp.ts';
import { statelessV1 } from '../servers/sdk-v1.ts';

const RESET = { status: 'failed', cause: 'connection-reset', notCauses: ['timeout-hang'] } as const;

export default [
  defineFault({
    id: 'connection-reset/at-once',
    group: 'network',
    network: {},
    arrange: async (bench) => ({ url: (await bench.tcp(resetAtOnce)).url() }),
    expect: RESET,
  }),
  defineFault({
    id: 'connection-reset/after-the-request',
    group: 'network',
    network: {},
    arrange: async (bench) => ({ url: (await bench.tcp(resetAfterRequest)).url() }),
    expect: RESET,
  }),
  defineFault({
    id: 'connection-reset/closed-at-once',
    group: 'network',
    network: {},
    arrange: async (bench) => ({ url: (await bench.tcp(closeAtOnce)).url() }),
    expect: RESET,
  }),
  defineFault({
    id: 'connection-reset/closed-after-the-request',
    group: 'network',
    network: {},
    arrange: async (bench) => ({ url: (await bench.tcp(closeAfterRequest)).url() }),
    expect: RESET,
  }),
  defineFault({
    id: 'connection-reset/in-the-middle-of-the-head',
    group: 'network',
    network: {},
    arrange: async (bench) => ({ url: (await bench.tcp(says('HTTP/1.1 200 OK\r\nContent-Type: appl'))).url() }),
    expect: { status: 'failed', cause: ['connection-reset', 'port-in-use', 'not-mcp'] },
  }),
  defineFault({
    id: 'connection-reset/nginx-444',
    group: 'network',
    needs: ['nginx'],
    network: {},
    async arrange(bench) {
      return { url: (await startNginx(bench, { server: 'return 444;' })).url() };
    },
    expect: { status: 'failed', cause: ['connection-reset', 'port-in-use'] },
  }),
  defineFault({
    id: 'connection-reset/other-machine-resets',
    group: 'network',
    network: { peer: true },
    async arrange(bench) {
      const script = `require('net').createServer((s) => s.once('data', () => s.resetAndDestroy())).listen(3000, '${THERE}', () => console.log('up'))`;
      await bench.program(process.execPath, ['-e', script], { there: true, until: /up/ });
      return { url: `http://${THERE}:3000/mcp` };
    },
    expect: RESET,
  }),
  defineNearMiss({
    id: 'connection-reset/closes-after-each-answer',
    group: 'network',
    async arrange(bench) {
      const server = await statelessV1();
      const closing = custom((request, response) => {
        response.shouldKeepAlive = false;
        response.setHeader('connection', 'close');
        server.handle(request, response);
      });
      return { url: (await bench.listen(closing)).url() };
    },
    expect: { status: 'ok', notCauses: ['connection-reset'] },
  }),
];

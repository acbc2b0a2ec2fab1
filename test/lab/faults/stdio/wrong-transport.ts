import { defineFault, defineNearMiss } from '../../fault.ts';
import { pythonCommand } from '../../servers/daemons.ts';
import { everything } from '../../servers/reference.ts';
import { scriptCommand } from '../../servers/stdio-script.ts';

const WRONG = { status: 'failed', cause: 'wrong-transport' } as const;

export default [
  defineFault({
    id: 'stdio/wrong-transport/streamable-http',
    group: 'stdio',
    arrange: async (bench) => ({ command: everything('streamableHttp'), env: { PORT: String(await bench.freePort()) } }),
    expect: WRONG,
    within: 20_000,
  }),
  defineFault({
    id: 'stdio/wrong-transport/sse',
    group: 'stdio',
    arrange: async (bench) => ({ command: everything('sse'), env: { PORT: String(await bench.freePort()) } }),
    expect: WRONG,
    within: 20_000,
  }),
  defineFault({
    id: 'stdio/wrong-transport/python-http',
    group: 'stdio',
    needs: ['python-1'],
    arrange: async (bench) => ({ command: pythonCommand(1, 'http', await bench.freePort()) }),
    expect: WRONG,
    within: 20_000,
  }),
  defineFault({
    id: 'stdio/wrong-transport/quiet-web-server',
    group: 'stdio',
    arrange: async (bench) => ({
      command: await scriptCommand(bench, {
        boot: `const { createServer } = await import('node:http');
createServer((_, response) => response.end('hello')).listen(${await bench.freePort()}, '127.0.0.1');`,
        initialize: '',
      }),
      args: ['--timeout', '4000'],
    }),
    expect: { ...WRONG, certainty: ['likely', 'possible'] },
    within: 15_000,
  }),
  defineFault({
    id: 'stdio/wrong-transport/address-as-command',
    group: 'stdio',
    arrange: () => ({ command: ['http://localhost:3000/mcp'] }),
    expect: { ...WRONG, certainty: 'proved' },
  }),
  defineNearMiss({
    id: 'stdio/wrong-transport/dashboard-beside',
    group: 'stdio',
    arrange: async (bench) => ({
      command: await scriptCommand(bench, {
        boot: `const { createServer } = await import('node:http');
createServer((_, response) => response.end('hello')).listen(${await bench.freePort()}, '127.0.0.1');
console.error('Dashboard listening on http://localhost:8080');`,
      }),
    }),
    expect: { status: 'ok' },
  }),
];

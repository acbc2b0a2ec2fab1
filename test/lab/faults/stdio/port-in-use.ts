import { defineFault, defineNearMiss } from '../../fault.ts';
import { scriptCommand } from '../../servers/stdio-script.ts';

/** A server that also wants a port which is taken; `otherwise` is what it does about the error. */
function wanting(port: number, otherwise = ''): string {
  return `const { createServer } = await import('node:http');
const dashboard = createServer(); ${otherwise} dashboard.listen(${port}, '127.0.0.1');
await new Promise((resolve) => setTimeout(resolve, 200));`;
}

export default [
  defineFault({
    id: 'stdio/port-in-use/ends',
    group: 'stdio',
    async arrange(bench) {
      const { port } = await bench.tcp(() => {});
      return { command: await scriptCommand(bench, { boot: wanting(port) }) };
    },
    expect: { status: 'failed', cause: 'port-in-use', layer: 'process', says: /EADDRINUSE|in use/ },
  }),
  defineNearMiss({
    id: 'stdio/port-in-use/goes-on-without',
    group: 'stdio',
    async arrange(bench) {
      const { port } = await bench.tcp(() => {});
      return {
        command: await scriptCommand(bench, { boot: wanting(port, "dashboard.on('error', (error) => console.error(error.message));") }),
      };
    },
    expect: { status: ['ok', 'warning'], cause: null },
  }),
];

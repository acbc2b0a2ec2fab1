import { join } from 'node:path';
import { type Bench, quote } from '../bench.ts';
import { type Arranged, defineFault, defineNearMiss } from '../fault.ts';
import { ROOT } from '../places.ts';
import { pythonCommand } from '../servers/daemons.ts';

const EVERYTHING = join(ROOT, 'node_modules', '@modelcontextprotocol', 'server-everything', 'dist', 'index.js');

async function startedBy(bench: Bench, command: string): Promise<Arranged> {
  return { url: `http://127.0.0.1:${await bench.freePort()}/mcp`, args: ['--patience', '0', '--start', command] };
}

const STDIO = {
  status: 'failed',
  cause: 'wrong-transport',
  says: /stdio|standard/i,
  notCauses: ['server-not-running', 'crash-on-boot'],
} as const;

export default [
  defineFault({
    id: 'wrong-transport/everything-on-stdio',
    group: 'mcp',
    network: {},
    arrange: (bench) => startedBy(bench, `${process.execPath} ${quote(EVERYTHING)} stdio`),
    expect: STDIO,
    within: 20_000,
  }),
  defineFault({
    id: 'wrong-transport/fastmcp-on-stdio',
    group: 'mcp',
    needs: ['python-1'],
    network: {},
    arrange: (bench) => startedBy(bench, pythonCommand(1, 'stdio', 0).map(quote).join(' ')),
    expect: STDIO,
    within: 20_000,
  }),
  defineFault({
    id: 'wrong-transport/python-2-on-stdio',
    group: 'mcp',
    needs: ['python-2'],
    network: {},
    arrange: (bench) => startedBy(bench, pythonCommand(2, 'stdio', 0).map(quote).join(' ')),
    expect: STDIO,
    within: 20_000,
  }),
  defineNearMiss({
    id: 'wrong-transport/http-server-that-prints-json',
    group: 'mcp',
    network: {},
    async arrange(bench) {
      const port = await bench.freePort();
      const arranged = await startedBy(
        bench,
        `echo '{"level":"info","msg":"starting"}'; exec ${bench.serveCommand('v1-stateless', { port })}`,
      );
      return { ...arranged, url: `http://127.0.0.1:${port}/mcp` };
    },
    expect: { status: 'failed', cause: 'server-not-running', certainty: 'proved', notCauses: ['wrong-transport'] },
    within: 15_000,
  }),
];

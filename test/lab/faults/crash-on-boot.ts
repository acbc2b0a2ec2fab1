import { type Bench, quote } from '../bench.ts';
import { type Arranged, defineFault, defineNearMiss } from '../fault.ts';
import { interpreter } from '../places.ts';

/** A refused address whose start command runs this program. */
async function starting(bench: Bench, name: string, source: string): Promise<Arranged> {
  const runner = name.endsWith('.py') ? interpreter('python-1') : process.execPath;
  return startCommand(bench, `${quote(runner)} ${quote(await bench.file(name, source))}`);
}

async function startCommand(bench: Bench, command: string): Promise<Arranged> {
  return { url: `http://127.0.0.1:${await bench.freePort()}/mcp`, args: ['--patience', '0', '--start', command] };
}

export default [
  defineFault({
    id: 'crash-on-boot/throws',
    group: 'process',
    network: {},
    arrange: (bench) => starting(bench, 'server.mjs', "throw new Error('cannot read the vector index');\n"),
    expect: { status: 'failed', cause: 'crash-on-boot', certainty: 'proved', says: /vector index/ },
  }),
  defineFault({
    id: 'crash-on-boot/exit-code',
    group: 'process',
    network: {},
    arrange: (bench) => starting(bench, 'server.mjs', "console.error('giving up'); process.exit(37);\n"),
    expect: { status: 'failed', cause: 'crash-on-boot', says: /\b37\b/ },
  }),
  defineFault({
    id: 'crash-on-boot/module-not-found',
    group: 'process',
    network: {},
    arrange: (bench) => starting(bench, 'server.mjs', "import 'left-pad-that-is-not-there';\n"),
    expect: { status: 'failed', cause: 'crash-on-boot', says: /left-pad-that-is-not-there/ },
  }),
  defineFault({
    id: 'crash-on-boot/missing-variable',
    group: 'process',
    network: {},
    arrange: (bench) =>
      starting(bench, 'server.mjs', "if (!process.env.ACME_API_KEY) throw new Error('ACME_API_KEY environment variable is required');\n"),
    expect: { status: 'failed', cause: 'crash-on-boot', says: /ACME_API_KEY/ },
  }),
  defineFault({
    id: 'crash-on-boot/syntax-error',
    group: 'process',
    network: {},
    arrange: (bench) => starting(bench, 'server.mjs', 'const server = ;\n'),
    expect: { status: 'failed', cause: 'crash-on-boot', says: /[Ss]yntax/ },
  }),
  defineFault({
    id: 'crash-on-boot/killed',
    group: 'process',
    network: {},
    arrange: (bench) => starting(bench, 'server.mjs', "process.kill(process.pid, 'SIGKILL'); setTimeout(() => {}, 1000);\n"),
    expect: { status: 'failed', cause: 'crash-on-boot', says: /SIGKILL|signal 9|137/ },
  }),
  defineFault({
    id: 'crash-on-boot/ends-silently',
    group: 'process',
    network: {},
    arrange: (bench) => starting(bench, 'server.mjs', 'setTimeout(() => {}, 200);\n'),
    expect: { status: 'failed', cause: 'crash-on-boot', says: /\b0\b/ },
  }),
  defineFault({
    id: 'crash-on-boot/python-module-not-found',
    group: 'process',
    needs: ['python-1'],
    network: {},
    arrange: (bench) => starting(bench, 'server.py', 'import flask_that_is_not_there\n'),
    expect: { status: 'failed', cause: 'crash-on-boot', says: /flask_that_is_not_there/ },
  }),
  defineFault({
    id: 'crash-on-boot/no-such-command',
    group: 'process',
    network: {},
    arrange: (bench) => startCommand(bench, 'mcp-server-that-is-not-there --port 3000'),
    expect: { status: 'failed', cause: 'crash-on-boot', says: /not found|127/ },
  }),
  defineFault({
    id: 'crash-on-boot/shows-no-secret',
    group: 'process',
    network: {},
    arrange: (bench) => starting(bench, 'server.mjs', "console.error('login with api_key=hunter2hunter2 failed'); process.exit(1);\n"),
    expect: { status: 'failed', cause: 'crash-on-boot' },
    secrets: ['hunter2hunter2'],
  }),
  defineNearMiss({
    id: 'crash-on-boot/noisy-and-slow-but-works',
    group: 'process',
    network: {},
    async arrange(bench) {
      const port = await bench.freePort();
      const noise = await bench.file(
        'noise.sh',
        `echo 'Error: the cache is cold' >&2\nsleep 1\nexec ${bench.serveCommand('v1-stateless', { port })}\n`,
      );
      return { url: `http://127.0.0.1:${port}/mcp`, args: ['--patience', '0', '--start', `sh ${noise}`] };
    },
    expect: { status: 'failed', cause: 'server-not-running', certainty: 'proved', notCauses: ['crash-on-boot'] },
    within: 15_000,
  }),
];

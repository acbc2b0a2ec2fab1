import { join } from 'node:path';
import type { Bench } from '../../bench.ts';
import { type Arranged, defineFault, defineNearMiss } from '../../fault.ts';
import { interpreter } from '../../places.ts';
import { scriptCommand, type ScriptParts } from '../../servers/stdio-script.ts';

const CRASHED = { status: 'failed', cause: 'crash-on-boot', layer: 'process' } as const;

async function script(bench: Bench, parts: ScriptParts): Promise<Arranged> {
  return { command: await scriptCommand(bench, parts) };
}

async function python(bench: Bench, source: string): Promise<Arranged> {
  return { command: [interpreter('python-1'), await bench.file('server.py', source)] };
}

export default [
  defineFault({
    id: 'stdio/crash-on-boot/throws',
    group: 'stdio',
    arrange: (bench) => script(bench, { boot: "throw new TypeError('options is not iterable');" }),
    expect: { ...CRASHED, certainty: 'proved', says: /options is not iterable/ },
  }),
  defineFault({
    id: 'stdio/crash-on-boot/exit-code',
    group: 'stdio',
    arrange: (bench) => script(bench, { boot: "console.error('giving up'); process.exit(37);" }),
    expect: { ...CRASHED, says: /\b37\b/ },
  }),
  defineFault({
    id: 'stdio/crash-on-boot/ends-silently',
    group: 'stdio',
    arrange: () => ({ command: ['true'] }),
    expect: { ...CRASHED, says: /\b0\b/ },
  }),
  defineFault({
    id: 'stdio/crash-on-boot/killed',
    group: 'stdio',
    arrange: (bench) => script(bench, { boot: "process.kill(process.pid, 'SIGKILL');" }),
    expect: { ...CRASHED, says: /SIGKILL/ },
  }),
  defineFault({
    id: 'stdio/crash-on-boot/segmentation-fault',
    group: 'stdio',
    arrange: async (bench) => ({ command: [await bench.executable('server', '#!/bin/sh\nkill -SEGV $$\n')] }),
    expect: { ...CRASHED, says: /SIGSEGV/ },
  }),
  defineFault({
    id: 'stdio/crash-on-boot/out-of-memory',
    group: 'stdio',
    async arrange(bench) {
      const file = await bench.file('server.mjs', "const all = [];\nfor (;;) all.push(new Array(100_000).fill('x'));\n");
      return { command: [process.execPath, '--max-old-space-size=32', file] };
    },
    expect: { ...CRASHED, says: /memory|SIGABRT|134/ },
    within: 20_000,
  }),
  defineFault({
    id: 'stdio/crash-on-boot/not-built',
    group: 'stdio',
    arrange: async (bench) => ({ command: ['node', join(await bench.folder(), 'dist', 'index.js')] }),
    expect: { ...CRASHED, says: /dist\/index\.js/ },
  }),
  defineFault({
    id: 'stdio/crash-on-boot/module-not-found',
    group: 'stdio',
    arrange: async (bench) => ({ command: ['node', await bench.file('server.mjs', "import 'left-pad-of-nobody';\n")] }),
    expect: { ...CRASHED, says: /left-pad-of-nobody/ },
  }),
  defineFault({
    id: 'stdio/crash-on-boot/syntax-error',
    group: 'stdio',
    arrange: async (bench) => ({ command: ['node', await bench.file('server.mjs', 'const server = ;\n')] }),
    expect: { ...CRASHED, says: /[Ss]yntax/ },
  }),
  defineFault({
    id: 'stdio/crash-on-boot/python-traceback',
    group: 'stdio',
    needs: ['python-1'],
    arrange: (bench) => python(bench, "def start():\n    raise RuntimeError('no such collection: docs')\nstart()\n"),
    expect: { ...CRASHED, says: /no such collection/ },
  }),
  defineFault({
    id: 'stdio/crash-on-boot/python-indentation',
    group: 'stdio',
    needs: ['python-1'],
    arrange: (bench) => python(bench, 'def start():\nreturn 1\n'),
    expect: { ...CRASHED, says: /Indentation/ },
  }),
  defineFault({
    id: 'stdio/crash-on-boot/usage',
    group: 'stdio',
    arrange: (bench) => script(bench, { boot: "console.error('Usage: server --root FOLDER'); process.exit(2);" }),
    expect: { ...CRASHED, says: /Usage: server/ },
  }),
  defineFault({
    id: 'stdio/crash-on-boot/after-a-while',
    group: 'stdio',
    arrange: (bench) => script(bench, { initialize: "setTimeout(() => { throw new Error('the vector index is gone'); }, 1800);" }),
    expect: { ...CRASHED, says: /vector index/ },
  }),
  defineFault({
    id: 'stdio/crash-on-boot/after-the-handshake',
    group: 'stdio',
    arrange: (bench) => script(bench, { initialized: "throw new Error('lost the licence');", list: '' }),
    expect: { ...CRASHED, says: /lost the licence/ },
  }),
  defineFault({
    id: 'stdio/crash-on-boot/when-tools-are-listed',
    group: 'stdio',
    arrange: (bench) => script(bench, { list: "throw new TypeError('tools.map is not a function');" }),
    expect: { ...CRASHED, says: /tools\.map/ },
  }),
  defineFault({
    id: 'stdio/crash-on-boot/shows-no-secret',
    group: 'stdio',
    async arrange(bench) {
      const [node = '', file = ''] = await scriptCommand(bench, {
        boot: "console.error('login as', process.argv[3], 'with', process.env.LAB_API_KEY, 'failed'); process.exit(1);",
      });
      return { command: [node, file, '--token', 'hunter2hunter2'], env: { LAB_API_KEY: 'sk-lab-11223344556677' } };
    },
    expect: CRASHED,
    secrets: ['hunter2hunter2', 'sk-lab-11223344556677'],
  }),
  defineFault({
    id: 'stdio/crash-on-boot/leaves-a-daemon',
    group: 'stdio',
    arrange: (bench) =>
      script(bench, {
        boot: `const { spawn } = await import('node:child_process');
spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); setTimeout(() => {}, 60000)'], { detached: true, stdio: 'ignore' }).unref();
throw new Error('the daemon is not ready');`,
      }),
    expect: { ...CRASHED, says: /daemon is not ready/ },
  }),
  defineFault({
    id: 'stdio/crash-on-boot/launcher-ends',
    group: 'stdio',
    async arrange(bench) {
      const command = (await scriptCommand(bench)).join(' ');
      // The shell gives a background command no input unless told.
      return { command: [await bench.executable('start.sh', `#!/bin/sh\nexec 3<&0\n${command} <&3 &\nexit 0\n`)] };
    },
    // Clients that run on Node close a server's input when the process that they started ends.
    expect: { ...CRASHED, says: /\b0\b/ },
  }),
  defineNearMiss({
    id: 'stdio/crash-on-boot/reports-an-error-and-works',
    group: 'stdio',
    arrange: (bench) => script(bench, { boot: "console.error(new Error('telemetry is unreachable').stack);" }),
    expect: { status: 'ok' },
  }),
  defineNearMiss({
    id: 'stdio/crash-on-boot/ends-with-an-error-when-its-input-ends',
    group: 'stdio',
    arrange: (bench) => script(bench, { boot: "process.stdin.on('end', () => process.exit(3));" }),
    expect: { status: 'ok' },
  }),
];

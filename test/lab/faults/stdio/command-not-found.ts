import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bench } from '../../bench.ts';
import { defineFault, defineNearMiss } from '../../fault.ts';
import { scriptCommand } from '../../servers/stdio-script.ts';

const MISSING = { status: 'failed', cause: 'command-not-found', layer: 'process' } as const;

/** A folder with links to programs, to stand alone as PATH. */
async function pathWith(bench: Bench, links: Readonly<Record<string, string>>): Promise<string> {
  const folder = await bench.folder();
  await Promise.all(Object.entries(links).map(([name, target]) => symlink(target, join(folder, name))));
  return folder;
}

export default [
  defineFault({
    id: 'stdio/command-not-found/not-installed',
    group: 'stdio',
    arrange: () => ({ command: ['mcp-server-of-nobody', '--verbose'] }),
    expect: { ...MISSING, certainty: 'proved', says: /mcp-server-of-nobody/ },
  }),
  defineFault({
    id: 'stdio/command-not-found/typing-error',
    group: 'stdio',
    arrange: () => ({ command: ['nppx', '-y', 'some-server'] }),
    expect: { ...MISSING, says: /nppx/, remedy: /npx/ },
  }),
  defineFault({
    id: 'stdio/command-not-found/python-is-python3',
    group: 'stdio',
    async arrange(bench) {
      return { command: ['python', 'server.py'], env: { PATH: await pathWith(bench, { python3: '/usr/bin/env' }) } };
    },
    expect: { ...MISSING, remedy: /python3/ },
  }),
  defineFault({
    id: 'stdio/command-not-found/uv-not-installed',
    group: 'stdio',
    async arrange(bench) {
      return { command: ['uvx', 'mcp-server-time'], env: { PATH: await pathWith(bench, {}) } };
    },
    expect: { ...MISSING, remedy: /uv/ },
  }),
  defineFault({
    id: 'stdio/command-not-found/moved-away',
    group: 'stdio',
    arrange: async (bench) => ({ command: [join(await bench.folder(), 'venv', 'bin', 'python'), '-m', 'server'] }),
    expect: { ...MISSING, says: /venv\/bin\/python/ },
  }),
  defineFault({
    id: 'stdio/command-not-found/link-to-nowhere',
    group: 'stdio',
    async arrange(bench) {
      const link = join(await bench.folder(), 'my-server');
      await symlink('/nowhere/dist/cli.js', link);
      return { command: [link] };
    },
    expect: { ...MISSING, says: /link/ },
  }),
  defineFault({
    id: 'stdio/command-not-found/whole-line-as-command',
    group: 'stdio',
    arrange: async (bench) => ({ command: [(await scriptCommand(bench)).join(' ')] }),
    expect: { ...MISSING, remedy: /args/i },
  }),
  defineFault({
    id: 'stdio/command-not-found/tilde',
    group: 'stdio',
    async arrange(bench) {
      const home = await bench.folder();
      await mkdir(join(home, 'bin'));
      return { home, command: ['~/bin/my-server'] };
    },
    expect: { ...MISSING, says: /~/ },
  }),
  defineFault({
    id: 'stdio/command-not-found/no-interpreter',
    group: 'stdio',
    arrange: async (bench) => ({ command: [await bench.executable('server', '#!/usr/bin/env bun-of-nobody\nconsole.log(1)\n')] }),
    expect: { ...MISSING, says: /bun-of-nobody/ },
  }),
  defineFault({
    id: 'stdio/command-not-found/windows-line-ends',
    group: 'stdio',
    arrange: async (bench) => ({ command: [await bench.executable('server', '#!/usr/bin/env node\r\nconsole.log(1)\r\n')] }),
    expect: { ...MISSING, says: /carriage return/ },
  }),
  defineFault({
    id: 'stdio/command-not-found/inside-a-script',
    group: 'stdio',
    arrange: async (bench) => ({ command: [await bench.executable('start.sh', '#!/bin/sh\nexec tsx-of-nobody src/server.ts\n')] }),
    expect: { ...MISSING, says: /tsx-of-nobody/ },
  }),
  defineNearMiss({
    id: 'stdio/command-not-found/relative-path',
    group: 'stdio',
    async arrange(bench) {
      const [node, script] = await scriptCommand(bench);
      const cwd = await bench.folder();
      await symlink(await bench.executable('run', `#!/bin/sh\nexec ${node} ${script}\n`), join(cwd, 'run'));
      return { cwd, command: ['./run'] };
    },
    expect: { status: 'ok' },
  }),
  defineNearMiss({
    id: 'stdio/command-not-found/complains-and-goes-on',
    group: 'stdio',
    async arrange(bench) {
      const command = (await scriptCommand(bench)).join(' ');
      return { command: [await bench.executable('start.sh', `#!/bin/bash\nnvm use 22\ngit-lfs-of-nobody pull\nexec ${command}\n`)] };
    },
    expect: { status: 'ok' },
  }),
  defineNearMiss({
    id: 'stdio/command-not-found/exits-127-by-itself',
    group: 'stdio',
    arrange: (bench) =>
      scriptCommand(bench, { boot: "console.error('the index is corrupt'); process.exit(127);" }).then((command) => ({ command })),
    expect: { status: 'failed', cause: 'crash-on-boot', says: /index is corrupt/, notCauses: ['command-not-found'] },
  }),
];

/** Every kind of stdio server there is, well and alive: whatever is found here is a false alarm. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bench } from '../../bench.ts';
import { defineNearMiss, type Fault } from '../../fault.ts';
import type { Need } from '../../needs.ts';
import { everything, fastMcp, filesystem, official, pythonProgram } from '../../servers/reference.ts';
import { scriptCommand, type ScriptParts, scriptSource } from '../../servers/stdio-script.ts';

function healthy(
  name: string,
  command: (bench: Bench) => readonly string[] | Promise<readonly string[]>,
  needs: readonly Need[] = [],
): Fault {
  return defineNearMiss({
    id: `stdio/healthy/${name}`,
    group: 'stdio',
    needs,
    arrange: async (bench) => ({ command: await command(bench) }),
    expect: { status: 'ok' },
    within: 15_000,
  });
}

function script(name: string, parts: ScriptParts): Fault {
  return healthy(name, (bench) => scriptCommand(bench, parts));
}

export default [
  healthy('everything', () => everything()),
  healthy('filesystem', async (bench) => filesystem(await bench.folder()), ['npm']),
  healthy('sdk-v1', () => official('v1')),
  healthy('sdk-v2', () => official('v2')),
  healthy('sdk-v2-modern', () => official('v2-modern')),
  healthy('python-1', () => fastMcp(1), ['python-1']),
  healthy('python-2', () => fastMcp(2), ['python-2']),
  healthy('time', () => [pythonProgram('mcp-server-time'), '--local-timezone', 'Europe/Zurich'], ['python-1']),
  healthy('fetch', () => [pythonProgram('mcp-server-fetch')], ['python-1']),
  healthy('shebang', async (bench) => [await bench.executable('server.mjs', `#!/usr/bin/env node\n${scriptSource()}`)]),
  healthy('shebang-with-arguments', async (bench) => [
    await bench.executable('server.mjs', `#!/usr/bin/env -S node --no-warnings\n${scriptSource()}`),
  ]),
  healthy('path-with-spaces', async (bench) => {
    const file = join(await bench.folder(), 'my server (1).mjs');
    await writeFile(file, scriptSource());
    return [process.execPath, file];
  }),
  healthy('shell-line', async (bench) => ['sh', '-c', `cd / && ${(await scriptCommand(bench)).join(' ')}`]),
  script('floods-stderr', { boot: "process.stderr.write('a line of the log\\n'.repeat(200000));" }),
  script('forks-helpers', {
    boot: `const { spawn } = await import('node:child_process');
for (const detached of [true, false]) spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], { detached, stdio: 'ignore' }).unref();`,
  }),
  script('asks-the-client', { boot: "send({ id: 0, method: 'ping' }); send({ id: 1, method: 'roots/list' });" }),
  script('pages-of-tools', {
    list: `const page = Number(message.params?.cursor ?? 0);
answer({ tools: tools.map((tool) => ({ ...tool, name: tool.name + page })), ...(page < 3 ? { nextCursor: String(page + 1) } : {}) });`,
  }),
  script('no-tools-yet', { list: 'answer({ tools: [] });' }),
  script('large-answer', { list: "answer({ tools: tools.map((tool) => ({ ...tool, description: 'word '.repeat(200000) })) });" }),
  script('many-capabilities', {
    initialize: "answer(hello('2025-06-18', { tools: { listChanged: true }, prompts: {}, resources: { subscribe: true }, logging: {} }));",
  }),
];

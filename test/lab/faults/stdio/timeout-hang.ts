import type { Bench } from '../../bench.ts';
import { type Arranged, defineFault, defineNearMiss } from '../../fault.ts';
import { npmRegistry, pythonIndex } from '../../servers/package-index.ts';
import { pythonProgram } from '../../servers/reference.ts';
import { scriptCommand, type ScriptParts } from '../../servers/stdio-script.ts';

const HUNG = { status: 'failed', cause: 'timeout-hang', layer: 'mcp' } as const;
const IMPATIENT = ['--timeout', '2500'];

async function script(bench: Bench, parts: ScriptParts): Promise<Arranged> {
  return { command: await scriptCommand(bench, parts), args: IMPATIENT };
}

export default [
  defineFault({
    id: 'stdio/timeout-hang/never-answers',
    group: 'stdio',
    arrange: (bench) => script(bench, { initialize: '' }),
    expect: { ...HUNG, certainty: 'likely' },
  }),
  defineFault({
    id: 'stdio/timeout-hang/never-reads',
    group: 'stdio',
    arrange: () => ({ command: ['sleep', '60'], args: IMPATIENT }),
    expect: HUNG,
  }),
  defineFault({
    id: 'stdio/timeout-hang/tools-never-listed',
    group: 'stdio',
    arrange: (bench) => script(bench, { list: '' }),
    expect: { ...HUNG, layer: 'tools' },
  }),
  defineFault({
    id: 'stdio/timeout-hang/busy-loop',
    group: 'stdio',
    arrange: (bench) => script(bench, { initialize: 'const end = Date.now() + 60000; while (Date.now() < end);' }),
    expect: HUNG,
  }),
  defineFault({
    id: 'stdio/timeout-hang/stopped',
    group: 'stdio',
    arrange: (bench) => script(bench, { boot: "process.kill(process.pid, 'SIGSTOP');" }),
    expect: HUNG,
  }),
  defineFault({
    id: 'stdio/timeout-hang/ignores-signals',
    group: 'stdio',
    arrange: (bench) =>
      script(bench, {
        boot: "for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => {}); setInterval(() => {}, 1000);",
        initialize: '',
      }),
    expect: HUNG,
  }),
  defineFault({
    id: 'stdio/timeout-hang/asks-a-question',
    group: 'stdio',
    async arrange(bench) {
      const path = await bench.executable('login', '#!/bin/sh\nprintf "Password: " >&2\nexec sleep 60\n');
      return { command: [path], args: IMPATIENT };
    },
    expect: { ...HUNG, says: /Password/ },
  }),
  defineFault({
    id: 'stdio/timeout-hang/runtime-without-a-script',
    group: 'stdio',
    // Without a script node reads a program from its input, and waits for the end of it.
    arrange: () => ({ command: ['node'], args: IMPATIENT }),
    expect: HUNG,
  }),
  defineFault({
    id: 'stdio/timeout-hang/waits-for-a-notification-it-gets-late',
    group: 'stdio',
    arrange: (bench) => script(bench, { initialize: 'send({ id: 99, method: "roots/list" });' }),
    expect: HUNG,
  }),
  defineFault({
    id: 'stdio/timeout-hang/npm-registry-is-mute',
    group: 'stdio',
    arrange: async (bench) => ({
      command: ['npx', '-y', 'rig-server'],
      env: await npmRegistry(bench, 'mute'),
      args: ['--timeout', '12000'],
    }),
    expect: HUNG,
    within: 20_000,
  }),
  defineFault({
    id: 'stdio/timeout-hang/python-index-is-mute',
    group: 'stdio',
    needs: ['python-1'],
    arrange: async (bench) => ({
      command: [pythonProgram('uvx'), 'lab-server'],
      env: await pythonIndex(bench, { pace: 'mute' }),
      args: ['--timeout', '12000'],
    }),
    expect: HUNG,
    within: 20_000,
  }),
  defineNearMiss({
    id: 'stdio/timeout-hang/shell-reads-the-messages',
    group: 'stdio',
    // It takes each message for a command, says "not found", and goes on.
    arrange: () => ({ command: ['sh'], args: IMPATIENT }),
    expect: { status: 'failed', cause: ['timeout-hang', 'unknown', 'crash-on-boot'], notCauses: ['command-not-found'] },
  }),
  defineNearMiss({
    id: 'stdio/timeout-hang/thinks-first',
    group: 'stdio',
    arrange: async (bench) => ({
      command: await scriptCommand(bench, { initialize: "setTimeout(() => answer(hello('2025-11-25')), 2500);" }),
    }),
    expect: { status: 'ok' },
  }),
];

import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';
import type { Bench } from '../../bench.ts';
import { type Arranged, defineFault, defineNearMiss } from '../../fault.ts';
import { interpreter } from '../../places.ts';
import { pythonIndex } from '../../servers/package-index.ts';
import { pythonProgram } from '../../servers/reference.ts';
import { scriptCommand, scriptSource } from '../../servers/stdio-script.ts';

const TOO_OLD = { status: 'failed', cause: 'runtime-too-old', layer: 'process' } as const;

/** A script beside a package.json that asks for this Node. */
async function inPackage(bench: Bench, node: string, source: string): Promise<Arranged> {
  const folder = await bench.folder();
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module', engines: { node } }));
  await writeFile(join(folder, 'server.js'), source);
  return { command: ['node', join(folder, 'server.js')] };
}

export default [
  defineFault({
    id: 'stdio/runtime-too-old/says-so',
    group: 'stdio',
    arrange: async (bench) => ({
      command: await scriptCommand(bench, { boot: "console.error('This server requires Node.js >= 99.0.0'); process.exit(1);" }),
    }),
    expect: { ...TOO_OLD, says: /99/ },
  }),
  defineFault({
    id: 'stdio/runtime-too-old/engines',
    group: 'stdio',
    arrange: (bench) => inPackage(bench, '>=99', "throw new SyntaxError('Unexpected token');\n"),
    expect: { ...TOO_OLD, says: />=99/ },
  }),
  defineFault({
    id: 'stdio/runtime-too-old/missing-builtin',
    group: 'stdio',
    arrange: async (bench) => ({ command: ['node', await bench.file('server.mjs', "import 'node:library-of-the-future';\n")] }),
    expect: { ...TOO_OLD, says: /library-of-the-future/ },
  }),
  defineFault({
    id: 'stdio/runtime-too-old/python-typing',
    group: 'stdio',
    needs: ['python-1'],
    arrange: async (bench) => ({
      command: [interpreter('python-1'), await bench.file('server.py', 'from typing import FutureForm\n')],
    }),
    expect: { ...TOO_OLD, says: /FutureForm/ },
  }),
  defineFault({
    id: 'stdio/runtime-too-old/uvx-requires-python',
    group: 'stdio',
    needs: ['python-1'],
    arrange: async (bench) => ({
      command: [pythonProgram('uvx'), 'lab-server'],
      env: await pythonIndex(bench, { requiresPython: '>=3.99' }),
    }),
    expect: { ...TOO_OLD, says: /3\.99/ },
    within: 30_000,
  }),
  defineNearMiss({
    id: 'stdio/runtime-too-old/asks-for-more-and-works',
    group: 'stdio',
    arrange: (bench) => inPackage(bench, '>=99', scriptSource()),
    expect: { status: 'ok' },
  }),
  defineNearMiss({
    id: 'stdio/runtime-too-old/own-syntax-error',
    group: 'stdio',
    arrange: (bench) => inPackage(bench, '>=18', 'const server = ;\n'),
    expect: { status: 'failed', cause: 'crash-on-boot', says: /[Ss]yntax/, notCauses: ['runtime-too-old'] },
  }),
];

import { defineFault, defineNearMiss } from '../../fault.ts';
import { npmRegistry, pythonIndex } from '../../servers/package-index.ts';
import { pythonProgram } from '../../servers/reference.ts';
import { scriptCommand } from '../../servers/stdio-script.ts';

const SLOW = { status: 'failed', cause: 'timeout-slow-start' } as const;

export default [
  defineFault({
    id: 'stdio/timeout-slow-start/slow-boot',
    group: 'stdio',
    arrange: async (bench) => ({
      command: await scriptCommand(bench, { boot: 'await new Promise((resolve) => setTimeout(resolve, 11500));' }),
    }),
    // Nobody's limit is known for a bare command: the common one is assumed.
    expect: { ...SLOW, certainty: 'likely' },
    within: 25_000,
  }),
  defineFault({
    id: 'stdio/timeout-slow-start/slow-handshake',
    group: 'stdio',
    arrange: async (bench) => ({
      command: await scriptCommand(bench, { initialize: "setTimeout(() => answer(hello('2025-11-25')), 11500);" }),
    }),
    // Nobody's limit is known for a bare command: the common one is assumed.
    expect: { ...SLOW, certainty: 'likely' },
    within: 25_000,
  }),
  defineFault({
    id: 'stdio/timeout-slow-start/npx-still-fetching',
    group: 'stdio',
    arrange: async (bench) => ({ command: ['npx', '-y', 'rig-server'], env: await npmRegistry(bench, 'slow') }),
    expect: { ...SLOW, certainty: 'likely', says: /npm/ },
    within: 45_000,
  }),
  defineFault({
    id: 'stdio/timeout-slow-start/uvx-still-fetching',
    group: 'stdio',
    needs: ['python-1'],
    arrange: async (bench) => ({ command: [pythonProgram('uvx'), 'lab-server'], env: await pythonIndex(bench, { pace: 'slow' }) }),
    expect: { ...SLOW, certainty: 'likely', says: /uv/ },
    within: 45_000,
  }),
  defineNearMiss({
    id: 'stdio/timeout-slow-start/slow-but-in-time',
    group: 'stdio',
    arrange: async (bench) => ({
      command: await scriptCommand(bench, { boot: 'await new Promise((resolve) => setTimeout(resolve, 6000));' }),
    }),
    expect: { status: 'ok' },
    within: 15_000,
  }),
];

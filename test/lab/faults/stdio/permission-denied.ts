import { defineFault, defineNearMiss } from '../../fault.ts';
import { scriptSource } from '../../servers/stdio-script.ts';

const DENIED = { status: 'failed', cause: 'permission-denied', layer: 'process' } as const;

export default [
  defineFault({
    id: 'stdio/permission-denied/not-executable',
    group: 'stdio',
    arrange: async (bench) => ({ command: [await bench.file('server.sh', '#!/bin/sh\nexec cat\n')] }),
    expect: { ...DENIED, certainty: 'proved', remedy: /chmod \+x/ },
  }),
  defineFault({
    id: 'stdio/permission-denied/script-without-interpreter',
    group: 'stdio',
    arrange: async (bench) => ({ command: [await bench.file('server.py', 'print(1)\n')] }),
    expect: DENIED,
  }),
  defineFault({
    id: 'stdio/permission-denied/folder',
    group: 'stdio',
    arrange: async (bench) => ({ command: [await bench.folder()] }),
    expect: { ...DENIED, says: /folder|directory/ },
  }),
  defineFault({
    id: 'stdio/permission-denied/inside-a-script',
    group: 'stdio',
    async arrange(bench) {
      const inner = await bench.file('inner.sh', '#!/bin/sh\nexec cat\n');
      return { command: [await bench.executable('start.sh', `#!/bin/sh\nexec ${inner}\n`)] };
    },
    expect: { ...DENIED, says: /inner\.sh/ },
  }),
  defineNearMiss({
    id: 'stdio/permission-denied/given-to-its-interpreter',
    group: 'stdio',
    arrange: async (bench) => ({ command: ['node', await bench.file('server.mjs', scriptSource())] }),
    expect: { status: 'ok' },
  }),
  defineNearMiss({
    id: 'stdio/permission-denied/of-its-data',
    group: 'stdio',
    arrange: async (bench) => ({
      command: [
        'node',
        await bench.file(
          'server.mjs',
          scriptSource({
            boot: "throw Object.assign(new Error(\"EACCES: permission denied, open '/var/lib/index.db'\"), { code: 'EACCES', errno: -13, syscall: 'open' });",
          }),
        ),
      ],
    }),
    expect: { status: 'failed', cause: ['crash-on-boot', 'permission-denied'], says: /index\.db/ },
  }),
];

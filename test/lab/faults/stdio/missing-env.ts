import type { Bench } from '../../bench.ts';
import { type Arranged, defineFault, defineNearMiss } from '../../fault.ts';
import { interpreter } from '../../places.ts';
import { scriptCommand, type ScriptParts } from '../../servers/stdio-script.ts';

const MISSING = { status: 'failed', cause: 'missing-env' } as const;

const REQUIRED = "if (!process.env.LAB_API_KEY) { console.error('Error: LAB_API_KEY environment variable is required'); process.exit(1); }";

async function script(bench: Bench, parts: ScriptParts, env: Readonly<Record<string, string>> = {}): Promise<Arranged> {
  return { command: await scriptCommand(bench, parts), env };
}

export default [
  defineFault({
    id: 'stdio/missing-env/node',
    group: 'stdio',
    arrange: (bench) => script(bench, { boot: REQUIRED }),
    expect: { ...MISSING, certainty: 'proved', layer: 'process', says: /LAB_API_KEY/ },
  }),
  defineFault({
    id: 'stdio/missing-env/empty',
    group: 'stdio',
    arrange: (bench) => script(bench, { boot: REQUIRED }, { LAB_API_KEY: '' }),
    expect: { ...MISSING, says: /empty/ },
  }),
  defineFault({
    id: 'stdio/missing-env/placeholder',
    group: 'stdio',
    arrange: (bench) =>
      script(
        bench,
        { boot: "if (process.env.LAB_API_KEY.startsWith('$')) throw new Error('LAB_API_KEY must be set to a key');" },
        { LAB_API_KEY: '${LAB_API_KEY}' },
      ),
    expect: { ...MISSING, says: /placeholder/ },
  }),
  defineFault({
    id: 'stdio/missing-env/python-key-error',
    group: 'stdio',
    needs: ['python-1'],
    arrange: async (bench) => ({
      command: [interpreter('python-1'), await bench.file('server.py', "import os\nkey = os.environ['LAB_API_KEY']\n")],
    }),
    expect: { ...MISSING, says: /LAB_API_KEY/ },
  }),
  defineFault({
    id: 'stdio/missing-env/pydantic-settings',
    group: 'stdio',
    needs: ['python-1'],
    arrange: async (bench) => ({
      command: [
        interpreter('python-1'),
        await bench.file(
          'server.py',
          'from pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n    lab_api_key: str\nsettings = Settings()\n',
        ),
      ],
    }),
    expect: { ...MISSING, says: /LAB_API_KEY/ },
  }),
  defineFault({
    id: 'stdio/missing-env/zod',
    group: 'stdio',
    arrange: (bench) =>
      script(bench, {
        boot: `const issues = [{ code: 'invalid_type', expected: 'string', received: 'undefined', path: ['LAB_API_KEY'], message: 'Required' }];
const error = new Error(JSON.stringify(issues, null, 2)); error.name = 'ZodError'; throw error;`,
      }),
    expect: { ...MISSING, says: /LAB_API_KEY/ },
  }),
  defineFault({
    id: 'stdio/missing-env/in-the-handshake',
    group: 'stdio',
    arrange: (bench) => script(bench, { initialize: "refuse(-32603, 'LAB_API_KEY is not set');" }),
    expect: { ...MISSING, layer: 'mcp', says: /LAB_API_KEY/ },
  }),
  defineFault({
    id: 'stdio/missing-env/in-the-tool-list',
    group: 'stdio',
    arrange: (bench) => script(bench, { list: "refuse(-32603, 'Missing required environment variable: LAB_API_KEY');" }),
    expect: { ...MISSING, layer: 'tools', says: /LAB_API_KEY/ },
  }),
  defineNearMiss({
    id: 'stdio/missing-env/set',
    group: 'stdio',
    arrange: (bench) => script(bench, { boot: REQUIRED }, { LAB_API_KEY: 'sk-lab-11223344556677' }),
    expect: { status: 'ok' },
    secrets: ['sk-lab-11223344556677'],
  }),
  defineNearMiss({
    id: 'stdio/missing-env/optional',
    group: 'stdio',
    arrange: (bench) => script(bench, { boot: "console.error('LAB_API_KEY is not set: read-only mode');" }),
    expect: { status: 'ok' },
  }),
  defineNearMiss({
    id: 'stdio/missing-env/optional-before-a-crash',
    group: 'stdio',
    arrange: (bench) =>
      script(bench, { boot: "console.error('SENTRY_DSN is not set, reporting is off'); throw new Error('the index is corrupt');" }),
    expect: { status: 'failed', cause: 'crash-on-boot', says: /index is corrupt/, notCauses: ['missing-env'] },
  }),
  defineNearMiss({
    id: 'stdio/missing-env/set-but-refused',
    group: 'stdio',
    arrange: (bench) =>
      script(
        bench,
        { boot: "console.error('Error: LAB_API_KEY was rejected by the service'); process.exit(1);" },
        { LAB_API_KEY: 'sk-lab-11223344556677' },
      ),
    expect: { status: 'failed', cause: 'crash-on-boot', says: /rejected/, notCauses: ['missing-env'] },
    secrets: ['sk-lab-11223344556677'],
  }),
];

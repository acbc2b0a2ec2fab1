import type { Bench } from '../../bench.ts';
import { type Arranged, defineFault, defineNearMiss } from '../../fault.ts';
import { interpreter } from '../../places.ts';
import { scriptCommand, type ScriptParts } from '../../servers/stdio-script.ts';

const REFUSED = { status: 'failed', cause: 'backend-unreachable' } as const;

async function script(bench: Bench, parts: ScriptParts, args: readonly string[] = []): Promise<Arranged> {
  return { command: await scriptCommand(bench, parts), args };
}

export default [
  defineFault({
    id: 'stdio/backend-unreachable/node-ends',
    group: 'stdio',
    arrange: async (bench) =>
      script(bench, {
        boot: `const { connect } = await import('node:net');
await new Promise((resolve, reject) => connect(${await bench.freePort()}, '127.0.0.1').on('connect', resolve).on('error', reject));`,
      }),
    expect: { ...REFUSED, layer: 'process', says: /127\.0\.0\.1:\d+/ },
  }),
  defineFault({
    id: 'stdio/backend-unreachable/fetch-fails',
    group: 'stdio',
    arrange: async (bench) => script(bench, { boot: `await fetch('http://127.0.0.1:${await bench.freePort()}/health');` }),
    expect: { ...REFUSED, layer: 'process' },
  }),
  defineFault({
    id: 'stdio/backend-unreachable/name-unknown',
    group: 'stdio',
    arrange: (bench) => script(bench, { boot: "const { lookup } = await import('node:dns/promises'); await lookup('db.lab.invalid');" }),
    expect: { ...REFUSED, layer: 'process', says: /db\.lab\.invalid/ },
  }),
  defineFault({
    id: 'stdio/backend-unreachable/python-ends',
    group: 'stdio',
    needs: ['python-1'],
    async arrange(bench) {
      const source = `import httpx\nhttpx.get('http://127.0.0.1:${await bench.freePort()}/')\n`;
      return { command: [interpreter('python-1'), await bench.file('server.py', source)] };
    },
    expect: { ...REFUSED, layer: 'process' },
  }),
  defineFault({
    id: 'stdio/backend-unreachable/keeps-trying',
    group: 'stdio',
    arrange: (bench) =>
      script(
        bench,
        {
          boot: "setInterval(() => console.error('[db] connect ECONNREFUSED 127.0.0.1:5432, trying again'), 300);",
          initialize: '',
        },
        ['--timeout', '2500'],
      ),
    expect: { ...REFUSED, layer: 'mcp', says: /127\.0\.0\.1:5432/ },
  }),
  defineFault({
    id: 'stdio/backend-unreachable/in-the-tool-list',
    group: 'stdio',
    arrange: (bench) => script(bench, { list: "refuse(-32603, 'fetch failed: connect ECONNREFUSED 127.0.0.1:8080');" }),
    expect: { ...REFUSED, certainty: 'proved', layer: 'tools', says: /127\.0\.0\.1:8080/ },
  }),
  defineFault({
    id: 'stdio/backend-unreachable/works-without-it',
    group: 'stdio',
    arrange: (bench) => script(bench, { boot: "console.error('[cache] connect ECONNREFUSED 127.0.0.1:6379');" }),
    expect: { status: ['ok', 'warning'], cause: null, notCauses: ['crash-on-boot'] },
  }),
  defineNearMiss({
    id: 'stdio/backend-unreachable/refuses-by-itself',
    group: 'stdio',
    arrange: (bench) => script(bench, { boot: "console.error('connection policy: refused by the administrator'); process.exit(1);" }),
    expect: { status: 'failed', cause: 'crash-on-boot', notCauses: ['backend-unreachable'] },
  }),
];

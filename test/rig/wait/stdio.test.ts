/** Waiting for stdio servers: one start tells, and nothing of it is left. */
import assert from 'node:assert/strict';
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { waitUntilReady } from '../../../src/commands/wait/wait-until-ready.ts';

const RAW = fileURLToPath(new URL('../stdio-servers/raw.js', import.meta.url));
const command = (...args: string[]) => ({ command: process.execPath, args: [RAW, ...args] });

test('a healthy one is ready by one start', async () => {
  const { ready, targets } = await waitUntilReady([command()]);
  assert.ok(ready);
  assert.equal(targets[0]?.attempts, 1);
});

test('its tools are asked for by name', async () => {
  assert.ok((await waitUntilReady([command()], { tools: ['tool-1', 'tool-4'] })).ready);
  const { targets } = await waitUntilReady([command()], { tools: ['tool-9'], timeoutMs: 1500 });
  assert.match(targets[0]?.last?.summary ?? '', /tool-9/);
});

test('what waiting cannot mend ends the wait', async () => {
  const since = performance.now();
  const { targets } = await waitUntilReady([{ command: 'no-such-command-of-mcpreach' }], { timeoutMs: 60_000 });
  assert.equal(targets[0]?.last?.cause, 'command-not-found');
  assert.ok(performance.now() - since < 10_000);
});

test('one that ends at first, for what it needs is not there yet, is started again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mcpreach-wait-'));
  const file = join(folder, 'needed');
  const script = join(folder, 'server.mjs');
  await writeFile(
    script,
    `import { existsSync } from 'node:fs';
if (!existsSync(${JSON.stringify(file)})) { console.error('Error: connect ECONNREFUSED 127.0.0.1:5432'); process.exit(1); }
process.argv[2] = 'healthy';
await import(${JSON.stringify(RAW)});`,
  );
  setTimeout(() => void writeFile(file, ''), 700);
  const { ready, targets } = await waitUntilReady([{ command: process.execPath, args: [script] }], { timeoutMs: 20_000 });
  await access(file);
  await rm(folder, { recursive: true });
  assert.ok(ready, JSON.stringify(targets));
  assert.ok((targets[0]?.attempts ?? 0) >= 2);
});

test('one that never answers has its verdict when the time is up', async () => {
  const { ready, targets } = await waitUntilReady([{ command: process.execPath, args: ['-e', 'setInterval(() => {}, 1000)'] }], {
    timeoutMs: 1_500,
  });
  assert.ok(!ready);
  assert.equal(targets[0]?.last?.cause, 'timeout-hang');
});

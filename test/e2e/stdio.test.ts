import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Report } from '../../src/model/report.ts';
import { mcpreach } from './program.ts';

const RAW = fileURLToPath(new URL('../rig/stdio-servers/raw.js', import.meta.url));

test('what follows -- is a stdio server, whatever its options are called', async () => {
  const { code, stdout, stderr } = await mcpreach(['doctor', '--', process.execPath, RAW, 'healthy', '--json', '--quiet', '--version']);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /raw 1\.0\.0, revision 2025-11-25/);
  assert.match(stdout, /5 tools/);
});

test('it stands beside addresses, and doctor may be left out', async () => {
  const { code, stdout } = await mcpreach(['http://127.0.0.1:9/mcp', '--patience', '0', '--json', '--', 'no-such-command-of-mcpreach']);
  const { targets, summary } = JSON.parse(stdout) as Report;
  assert.equal(code, 1);
  assert.equal(summary.failed, 2);
  assert.deepEqual(
    targets.map(({ transport, cause }) => [transport, cause === 'command-not-found']),
    [
      ['http', false],
      ['stdio', true],
    ],
  );
});

test('a warning is told, and fails with --strict only', async () => {
  const args = ['--', process.execPath, RAW, 'banner'];
  const lenient = await mcpreach(['doctor', ...args]);
  assert.equal(lenient.code, 0);
  assert.match(lenient.stdout, /stdout-pollution/);
  assert.equal((await mcpreach(['doctor', '--strict', ...args])).code, 1);
});

test('wrong use', async () => {
  for (const [args, code] of [
    [['doctor', '--json', '--'], 'missing-argument'],
    [['doctor', '--json', '--', ''], 'empty-command'],
    [['doctor', '--json', '--start', 'x', '--', 'y'], 'conflicting-options'],
  ] as const) {
    const ended = await mcpreach([...args]);
    assert.equal(ended.code, 2);
    assert.equal((JSON.parse(ended.stdout) as { error: { code: string } }).error.code, code);
  }
});

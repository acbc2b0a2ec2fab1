import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDownloadWatch, installerOf } from './download.ts';

test('installers by their command lines', () => {
  const table: readonly (readonly [readonly string[], string | null])[] = [
    [['npm exec @modelcontextprotocol/server-everything'], 'npm'],
    [['node', '/usr/lib/node_modules/npm/bin/npx-cli.js', '-y', 'server'], 'npm'],
    [['/home/dev/.local/bin/uvx', 'mcp-server-time'], 'uv'],
    [['docker', 'run', '-i', '--rm', 'mcp/time'], 'docker'],
    [['node', '/home/dev/.npm/_npx/abc/node_modules/.bin/server'], null],
    [['python', '-m', 'mcp_server_time'], null],
    [['docker', 'ps'], null],
  ];
  for (const [argv, tool] of table) assert.equal(installerOf({ argv }), tool, argv.join(' '));
});

test('what installers say begins and ends a download', () => {
  const watch = createDownloadWatch();
  assert.equal(watch.read(0), null);
  watch.hear("Unable to find image 'mcp/time:latest' locally", 1000);
  watch.hear('a1b2: Pulling fs layer', 4000);
  assert.equal(watch.read(6000)?.running, true);
  assert.equal(watch.read(20_000)?.running, false, 'it stands still');
  watch.hear('Status: Downloaded newer image for mcp/time:latest', 20_500);
  assert.deepEqual(watch.read(21_000)?.running, false);
});

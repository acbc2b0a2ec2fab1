import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { newestChange, parsePsCommands } from './activity.ts';

const folder = mkdtempSync(join(tmpdir(), 'mcpreach-activity-'));
after(() => rmSync(folder, { recursive: true }));

test('command lines as ps tells them', () => {
  const text = '  501 npm exec some-server\n  502 /bin/sh -c some-server\n\n';
  assert.deepEqual(
    parsePsCommands(text).map(({ pid, argv }) => [pid, argv.join('|')]),
    [
      [501, 'npm|exec|some-server'],
      [502, '/bin/sh|-c|some-server'],
    ],
  );
});

test('the latest change below some folders', () => {
  const path = join(folder, 'entry');
  writeFileSync(path, '');
  utimesSync(path, 4_000_000_000, 4_000_000_000);
  assert.equal(newestChange([join(folder, 'none'), folder]), 4_000_000_000_000);
  assert.equal(newestChange([join(folder, 'none')]), 0);
});

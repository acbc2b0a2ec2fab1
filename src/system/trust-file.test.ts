import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { isTrusted, recordTrust } from './trust-file.ts';

test('consent holds for one file with one content', async () => {
  const state = await mkdtemp(join(tmpdir(), 'mcpreach-trust-'));
  try {
    assert.equal(await isTrusted(state, '/a/.mcp.json', 'one'), false);
    assert.equal(await recordTrust(state, '/a/.mcp.json', 'one'), true);
    assert.equal(await recordTrust(state, '/b/.mcp.json', 'two'), true);
    assert.equal(await isTrusted(state, '/a/.mcp.json', 'one'), true);
    assert.equal(await isTrusted(state, '/a/.mcp.json', 'changed'), false);
    assert.equal(await isTrusted(state, '/b/.mcp.json', 'one'), false);
    assert.deepEqual(await readdir(state), ['trust.json']);
  } finally {
    await rm(state, { recursive: true });
  }
});

test('a file that is not ours counts as no consent', async () => {
  const state = await mkdtemp(join(tmpdir(), 'mcpreach-trust-'));
  try {
    for (const text of ['{', 'null', '{"schema":"other","files":{"/a":"one"}}', '{"schema":"mcpreach.trust/1","files":null}']) {
      await writeFile(join(state, 'trust.json'), text);
      assert.equal(await isTrusted(state, '/a', 'one'), false, text);
    }
  } finally {
    await rm(state, { recursive: true });
  }
});

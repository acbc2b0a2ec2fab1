import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { UsageError } from '../../src/model/errors.ts';
import { explain } from '../../src/commands/explain.ts';
import { readHints } from '../../src/commands/explain/config-hints.ts';

/** What the first candidate is for a text together with a config of this content. */
async function withConfig(content: string, text: string, system: string) {
  const folder = mkdtempSync(join(tmpdir(), 'mcpreach-hints-'));
  try {
    const file = join(folder, 'mcp.json');
    writeFileSync(file, content);
    return explain({ text, system, config: await readHints(file, text) });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const CLOSED = 'MCP error -32000: Connection closed';

test('a fault of the config is named, and its secret is not', async () => {
  const content = '{"mcpServers":{"git":{"command":"uvx","args":["x"],"env":{"API_KEY":"sesame42"}},}}';
  const { candidates } = await withConfig(content, CLOSED, 'linux');
  assert.equal(candidates[0]?.cause, 'config-syntax');
  assert.match(candidates[0].why, /^The config: /);
  assert.doesNotMatch(JSON.stringify(candidates), /sesame42/);
});

test('the entry tells the address and the transport that the text leaves out, and the text alone is what was read', async () => {
  const content = '{"mcpServers":{"web":{"type":"http","url":"http://localhost:3000/mcp"}}}';
  const { candidates, read, doctor } = await withConfig(content, 'read ECONNREFUSED', 'docker');
  assert.equal(candidates[0]?.cause, 'container-network');
  assert.equal(read.host, null);
  assert.equal(doctor?.command, 'mcpreach doctor http://localhost:3000/mcp');
});

test('of several entries the one that the text names counts, and none when it names none', async () => {
  const content = '{"mcpServers":{"good":{"command":"node","args":["a.js"]},"bad":{"type":"nonsense","url":"http://localhost:3000/mcp"}}}';
  const causes = async (text: string) => (await withConfig(content, text, 'linux')).candidates.map(({ cause }) => cause);
  assert.equal((await causes('bad: failed to start'))[0], 'config-bad-entry');
  assert.ok(!(await causes(`good: ${CLOSED}`)).includes('config-bad-entry'));
  assert.ok(!(await causes(CLOSED)).includes('config-bad-entry'));
});

test('a config that is not there is a wrong use', async () => {
  await assert.rejects(readHints('/no/such/file.json', ''), (error: UsageError) => error.code === 'no-such-file');
});

/** Which log files of a client are found, on real folders. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { logFilesOf } from '../../src/clients/log-files.ts';
import type { ClientId } from '../../src/model/ids.gen.ts';
import { readLogTail, TAIL_BYTES } from '../../src/system/log-tail.ts';
import { clientNamed } from './clients.ts';

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'mcpreach-logs-'));
});

afterEach(() => rm(home, { recursive: true, force: true }));

/** Writes a file, so many minutes old. */
async function put(path: string, minutes = 0, text = 'x\n'): Promise<void> {
  const file = join(home, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  const at = new Date(Date.now() - minutes * 60_000);
  await utimes(file, at, at);
}

async function found(client: ClientId, server: string, environment: Readonly<Record<string, string>> = {}): Promise<readonly string[]> {
  const surroundings = { platform: 'linux' as const, home, cwd: home, project: home, environment };
  const files = await logFilesOf(clientNamed(client), server, surroundings);
  return files.map(({ path, own }) => `${path.slice(home.length + 1)}${own ? ' (own)' : ''}`);
}

const LOGS = '.config/Claude/logs';

test("the server's own log first, then the newest; never that of another server", async () => {
  await put(`${LOGS}/mcp.log`, 1);
  await put(`${LOGS}/mcp-server-fs.log`, 5);
  await put(`${LOGS}/mcp-server-fs-extra.log`);
  await put(`${LOGS}/main.log`);
  assert.deepEqual(await found('claude-desktop', 'fs'), [`${LOGS}/mcp-server-fs.log (own)`, `${LOGS}/mcp.log`]);
});

test('rotated files, by the time of their last line; where the name differs it may be another server', async () => {
  await put(`${LOGS}/mcp-server-fs.log`, 30);
  await put(`${LOGS}/mcp-server-fs.log.1`, 20);
  await put(`${LOGS}/mcp-server-fs.log.old`, 40);
  await put(`${LOGS}/mcp-server-fs1.log`, 10);
  await put(`${LOGS}/mcp-server-fs2-two.log`);
  assert.deepEqual(await found('claude-desktop', 'fs'), [
    `${LOGS}/mcp-server-fs.log.1 (own)`,
    `${LOGS}/mcp-server-fs.log (own)`,
    `${LOGS}/mcp-server-fs1.log`,
  ]);
});

test('a name with signs that file names cannot have, or that would lead elsewhere', async () => {
  const cache = '.cache/claude-cli-nodejs/-home-ada-app';
  await put(`${cache}/mcp-logs-plugin-docs-docs/a.jsonl`);
  await put(`${cache}/secret/a.jsonl`);
  await mkdir(join(home, cache, 'mcp-logs-plugin-docs-docs', 'folder'));
  assert.deepEqual(await found('claude-code', 'plugin:docs:docs'), [`${cache}/mcp-logs-plugin-docs-docs/a.jsonl (own)`]);
  for (const name of ['../secret', 'x/../../secret', '*', '..']) assert.deepEqual(await found('claude-code', name), []);
});

test('a variable moves the folder', async () => {
  await put('elsewhere/log/codex-tui.log');
  assert.deepEqual(await found('codex', 'fs', { CODEX_HOME: join(home, 'elsewhere') }), ['elsewhere/log/codex-tui.log']);
});

test('only the end of a large file is read', async () => {
  await put('large.log', 0, `first\n${'line\n'.repeat(200_000)}last\n`);
  const tail = await readLogTail(join(home, 'large.log'));
  assert.ok(tail.kind === 'text' && tail.isCut);
  assert.ok(tail.text.length <= TAIL_BYTES + 1);
  assert.match(tail.text, /last\n$/);
});

test('empty and missing files, folders and pipes are told apart', async () => {
  await put('empty.log', 0, '');
  const kinds = await Promise.all(['empty.log', 'nowhere.log', '.'].map(async (name) => (await readLogTail(join(home, name))).kind));
  assert.deepEqual(kinds, ['empty', 'missing', 'folder']);
  assert.deepEqual(await readLogTail('/dev/null'), { kind: 'unreadable', code: 'not-a-file' });
});

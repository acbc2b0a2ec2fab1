import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { discover, type Discovery } from './discover.ts';

/** A home with these files; `app/` is the working directory and a repository. */
async function look(context: TestContext, files: Readonly<Record<string, unknown>>): Promise<Discovery> {
  const home = mkdtempSync(join(tmpdir(), 'mcpreach-'));
  context.after(() => rmSync(home, { recursive: true, force: true }));
  mkdirSync(join(home, 'app', '.git'), { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    const file = join(home, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content, null, 2));
  }
  return discover({ platform: 'linux', home, cwd: join(home, 'app'), environment: {} });
}

const servers = (...names: readonly string[]) => ({
  mcpServers: Object.fromEntries(names.map((name) => [name, { command: 'node', args: ['s.js'] }])),
});
const brief = ({ entries }: Discovery) =>
  entries.map((entry) => `${entry.client}:${entry.name}@${entry.file.scope}${entry.unread === null ? '' : ` ${entry.unread}`}`);

test('every client with a file is found, and nothing else', async (context) => {
  const found = await look(context, {
    '.cursor/mcp.json': servers('a'),
    '.config/Code/User/mcp.json': { servers: { b: { command: 'node' } } },
    '.codex/config.toml': '[mcp_servers.c]\ncommand = "node"\n',
    '.config/goose/config.yaml': 'extensions:\n  d:\n    type: stdio\n    cmd: node\n    enabled: true\n',
    '.continue/mcpServers/e.yaml': 'mcpServers:\n  - name: e\n    command: node\n',
  });
  assert.deepEqual(brief(found).sort(), ['codex:c@user', 'continue:e@user', 'cursor:a@user', 'goose:d@user', 'vscode:b@user']);
  assert.deepEqual(found.problems, []);
});

test('a shared file belongs to the installed clients that read it, else to Claude Code', async (context) => {
  assert.deepEqual(brief(await look(context, { 'app/.mcp.json': servers('a') })), ['claude-code:a@project']);
  const both = await look(context, { 'app/.mcp.json': servers('a'), '.copilot/config.json': {}, '.claude.json': {} });
  assert.deepEqual(brief(both), ['claude-code:a@project', 'github-copilot-cli:a@project']);
  assert.deepEqual(brief(await look(context, { 'app/.mcp.json': servers('a'), '.copilot/config.json': {} })), [
    'github-copilot-cli:a@project',
  ]);
});

test('scopes of Claude Code: local hides project hides user, and approvals are read', async (context) => {
  const home = await look(context, {
    '.claude.json': servers('a', 'b'),
    'app/.mcp.json': servers('b', 'c'),
    'app/.claude/settings.local.json': { enabledMcpjsonServers: ['b'] },
  });
  assert.deepEqual(brief(home), ['claude-code:b@project', 'claude-code:c@project', 'claude-code:a@user', 'claude-code:b@user hidden']);
  assert.deepEqual(
    home.entries.map(({ approval }) => approval),
    ['approved', 'needed', 'not-needed', 'not-needed'],
  );
});

test('files that are not read, and old files beside current ones, say so', async (context) => {
  const found = await look(context, {
    '.claude/mcp.json': servers('a'),
    '.codeium/windsurf/mcp_config.json': servers('b'),
    '.config/devin/mcp_config.json': servers('c'),
  });
  assert.deepEqual(brief(found).sort(), ['claude-code:a@user wrong-file', 'windsurf:b@user superseded', 'windsurf:c@user']);
  assert.deepEqual(
    found.problems.map(({ code }) => code),
    ['config-wrong-file', 'config-wrong-file'],
  );
  assert.deepEqual(
    found.problems.map(({ advice }) => advice),
    ['Move the servers to ~/.claude.json, under `mcpServers`.', 'Move the servers to ~/.config/devin/mcp_config.json.'],
  );
});

test('a file in UTF-16 is read by us and by no client', async (context) => {
  const text = `\uFEFF${JSON.stringify(servers('a'))}`;
  const little = Buffer.from(text, 'utf16le');
  for (const bytes of [little, Buffer.from(little).swap16()]) {
    const found = await look(context, { '.cursor/mcp.json': bytes });
    assert.deepEqual(brief(found), ['cursor:a@user syntax']);
    assert.deepEqual(
      found.problems.map(({ code, severity, position }) => [code, severity, position.line]),
      [['config-syntax', 'error', 1]],
    );
    assert.match(found.problems[0]?.summary ?? '', /UTF-16/);
  }
});

test('an old file alone is read', async (context) => {
  assert.deepEqual(brief(await look(context, { '.codeium/windsurf/mcp_config.json': servers('b') })), ['windsurf:b@user']);
});

test('folders, empty files and settings without servers are no configs', async (context) => {
  const found = await look(context, {
    '.cursor/mcp.json/x': 'x',
    '.lmstudio/mcp.json': '',
    '.claude/settings.json': { model: 'x' },
    '.gemini/settings.json': {},
  });
  assert.deepEqual(brief(found), []);
  assert.deepEqual(found.problems, []);
  assert.deepEqual(
    found.unreadable.map(({ file, code }) => `${file.client} ${code}`),
    ['cursor EISDIR'],
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConfigProblem } from '../model/config.ts';
import type { ConfigScope } from '../model/config.ts';
import type { ClientId } from '../model/ids.gen.ts';
import { planEdits } from '../documents/edit.ts';
import { clientNamed, HERE, read } from '../../test/rig/clients.ts';
import type { Surroundings } from './locate.ts';
import { readConfigText } from './read-file.ts';

interface Case {
  readonly title: string;
  readonly client: ClientId;
  readonly text: string;
  readonly scope?: ConfigScope;
  readonly format?: string;
  /** What is found, as `code@line`. */
  readonly finds: readonly string[];
  /** A part of the text after the first mend; the mended text is then without any error. */
  readonly mended?: string;
  /** In the advice of the first. */
  readonly advises?: RegExp;
}

const entry = (body: string, key = 'mcpServers'): string => `{\n  "${key}": {\n    "one": { ${body} }\n  }\n}\n`;
const url = '"url": "http://localhost:3000/mcp"';

const CASES: readonly Case[] = [
  { title: 'an address without a type', client: 'claude-code', text: entry(url), finds: ['config-bad-entry@3'], mended: '"type": "http"' },
  { title: 'the same where a type is not needed', client: 'cursor', text: entry(url), finds: [] },
  {
    title: 'a type word of another client',
    client: 'cline',
    text: entry(`"type": "http", ${url}`),
    finds: ['config-bad-entry@3'],
    mended: '"streamableHttp"',
  },
  { title: 'its own type word', client: 'cline', text: entry(`"type": "streamableHttp", ${url}`), finds: [] },
  {
    title: 'an address that is taken for HTTP+SSE',
    client: 'cline',
    text: entry(url),
    finds: ['config-bad-entry@3'],
    mended: '"type": "streamableHttp"',
  },
  { title: 'an SSE address that is taken for HTTP+SSE', client: 'cline', text: entry('"url": "http://localhost:3000/sse"'), finds: [] },
  {
    title: 'the field of another client',
    client: 'cursor',
    text: entry('"serverUrl": "http://localhost:3000/mcp"'),
    finds: ['config-bad-entry@3'],
    mended: '"url"',
  },
  {
    title: 'url where Streamable HTTP is httpUrl',
    client: 'qwen-code',
    text: entry(url),
    finds: ['config-bad-entry@3'],
    mended: '"httpUrl"',
  },
  {
    title: 'a remote server in a file for local ones',
    client: 'claude-desktop',
    text: entry(url),
    finds: ['config-bad-entry@3'],
    mended: 'mcp-remote',
  },
  { title: 'neither command nor address', client: 'cursor', text: entry('"args": []'), finds: ['config-bad-entry@3'] },
  {
    title: 'command and address where that is refused',
    client: 'roo-code',
    text: entry(`"type": "stdio", "command": "x", ${url}`),
    finds: ['config-bad-entry@3'],
  },
  {
    title: 'arguments in the command',
    client: 'cursor',
    text: entry('"command": "npx -y thing@1.0.0"'),
    finds: ['config-bad-entry@3'],
    mended: '"args": ["-y", "thing@1.0.0"]',
  },
  { title: 'a path with a blank', client: 'cursor', text: entry('"command": "C:\\\\Program Files\\\\thing.exe"'), finds: [] },
  {
    title: 'a command where a list is wanted',
    client: 'opencode',
    text: entry('"type": "local", "command": "npx", "args": ["-y", "thing"]', 'mcp'),
    finds: ['config-bad-entry@3'],
    mended: '["npx", "-y", "thing"]',
  },
  {
    title: 'a list where a text is wanted',
    client: 'cursor',
    text: entry('"command": ["npx", "-y", "thing"]'),
    finds: ['config-bad-entry@3'],
    mended: '"npx"',
  },
  {
    title: 'arguments in one text',
    client: 'cursor',
    text: entry('"command": "npx", "args": "-y thing"'),
    finds: ['config-bad-entry@3'],
    mended: '["-y", "thing"]',
  },
  {
    title: 'an argument that is a number',
    client: 'cursor',
    text: entry('"command": "npx", "args": ["--port", 3000]'),
    finds: ['config-bad-entry@3'],
    mended: '"3000"',
  },
  {
    title: 'a variable that is a number',
    client: 'cursor',
    text: entry('"command": "x", "env": { "PORT": 3000 }'),
    finds: ['config-bad-entry@3'],
    mended: '"3000"',
  },
  {
    title: 'the same in VS Code, which takes it',
    client: 'vscode',
    text: entry('"command": "x", "env": { "PORT": 3000 }', 'servers'),
    finds: [],
  },
  {
    title: 'an address without a scheme',
    client: 'cursor',
    text: entry('"url": "localhost:3000/mcp"'),
    finds: ['config-bad-entry@3'],
    mended: '"http://localhost:3000/mcp"',
  },
  {
    title: 'single backslashes that are escapes',
    client: 'cursor',
    text: entry('"command": "C:\\tools\\node.exe"'),
    finds: ['config-bad-entry@3'],
    mended: 'C:\\\\tools\\\\node.exe',
  },
  {
    title: 'a name with a blank',
    client: 'claude-code',
    text: '{ "mcpServers": { "my one": { "command": "x" } } }',
    finds: ['config-bad-entry@1'],
    mended: '"my-one"',
  },
  {
    title: 'variables under the name of another client',
    client: 'opencode',
    text: entry('"type": "local", "command": ["x"], "env": { "A": "b" }', 'mcp'),
    finds: ['config-bad-entry@3'],
    mended: '"environment"',
  },
  {
    title: 'headers that Codex does not read',
    client: 'codex',
    text: '[mcp_servers.one]\nurl = "http://localhost:3000/mcp"\nheaders = { A = "b" }\n',
    finds: ['config-bad-entry@3'],
    mended: 'http_headers',
  },
  {
    title: 'a token for the name of a variable',
    client: 'codex',
    text: '[mcp_servers.one]\nurl = "http://localhost:3000/mcp"\nbearer_token_env_var = "sk-123-456"\n',
    finds: ['config-bad-entry@3'],
  },
  {
    title: 'a working directory under another name',
    client: 'warp',
    text: entry('"command": "x", "cwd": "/tmp"'),
    finds: ['config-ignored-field@3'],
    mended: '"working_directory"',
  },
  { title: 'a switch that is none', client: 'cursor', text: entry('"command": "x", "disabled": true'), finds: ['config-ignored-field@3'] },
  { title: 'a switch that says on', client: 'cursor', text: entry('"command": "x", "disabled": false'), finds: [] },
  { title: 'a field nobody knows', client: 'cursor', text: entry('"command": "x", "comment": "mine"'), finds: [] },
  {
    title: 'the key of another client',
    client: 'vscode',
    text: entry('"command": "x"'),
    finds: ['config-wrong-key@2'],
    mended: '"servers"',
  },
  {
    title: 'a nested key of another client',
    client: 'zed',
    text: '{ "mcp": { "servers": { "one": { "command": "x" } } } }',
    finds: ['config-wrong-key@1'],
    mended: '"context_servers"',
  },
  {
    title: 'another key beside the right one',
    client: 'claude-code',
    text: '{ "mcpServers": { "one": { "command": "x" } }, "servers": { "two": { "command": "y" } } }',
    finds: [],
  },
  {
    title: 'settings that only sound like servers',
    client: 'gemini-cli',
    text: '{ "mcp": { "excluded": ["one"] }, "mcpServers": {} }',
    finds: [],
  },
  { title: 'TOML under the wrong table', client: 'codex', text: '[mcpServers.one]\ncommand = "x"\n', finds: ['config-wrong-key@1'] },
  {
    title: 'a comment in strict JSON',
    client: 'claude-desktop',
    text: '{\n  // mine\n  "mcpServers": { "one": { "command": "x" } }\n}\n',
    finds: ['config-syntax@2'],
    mended: '"one"',
  },
  {
    title: 'a comment where it is allowed',
    client: 'vscode',
    text: '{\n  // mine\n  "servers": { "one": { "command": "x" } }\n}\n',
    finds: [],
  },
  {
    title: 'a trailing comma in strict JSON',
    client: 'cline',
    text: '{ "mcpServers": { "one": { "command": "x" }, } }',
    finds: ['config-syntax@1'],
    mended: '"x" } }',
  },
  {
    title: 'a trailing comma where only comments are allowed',
    client: 'gemini-cli',
    text: '{ "mcpServers": { "one": { "command": "x" }, } } // c',
    finds: ['config-syntax@1'],
  },
  {
    title: 'a byte order mark',
    client: 'claude-desktop',
    text: '\uFEFF{ "mcpServers": { "one": { "command": "x" } } }',
    finds: ['config-syntax@1'],
    mended: '{ "mcpServers"',
  },
  {
    title: 'single backslashes that are no escapes',
    client: 'cursor',
    text: entry('"command": "C:\\Users\\node.exe"'),
    finds: ['config-syntax@3'],
    mended: 'C:\\\\Users\\\\node.exe',
  },
  {
    title: 'a missing comma',
    client: 'cursor',
    text: '{ "mcpServers": {\n"one": { "command": "x" }\n"two": { "command": "y" } } }',
    finds: ['config-syntax@3'],
    advises: /line 3, column 1\./,
  },
  {
    title: 'a comment beside a missing comma',
    client: 'claude-desktop',
    text: '{ "mcpServers": { // mine\n"one": { "command": "x" }\n"two": { "command": "y" } } }',
    finds: ['config-syntax@1', 'config-syntax@3'],
    advises: /^Remove the comment\.$/,
  },
  {
    title: 'typographic quotes',
    client: 'cursor',
    text: '{ “mcpServers”: {} }',
    finds: ['config-syntax@1'],
    advises: /straight/,
  },
  {
    title: 'an unresolved merge',
    client: 'cursor',
    text: '{\n<<<<<<< HEAD\n"mcpServers": {}\n=======\n>>>>>>> theirs\n}',
    finds: ['config-syntax@2'],
    advises: /merge/,
  },
  {
    title: 'tabs in YAML',
    client: 'goose',
    text: 'extensions:\n\tone:\n\t\ttype: stdio\n',
    finds: ['config-syntax@2', 'config-syntax@3'],
    advises: /spaces/,
  },
  {
    title: 'a key that is twice in one entry',
    client: 'cursor',
    text: entry('"command": "x", "command": "y"'),
    finds: ['config-syntax@3'],
    advises: /not meant/,
  },
  {
    title: 'servers inside a server',
    client: 'lm-studio',
    text: '{ "mcpServers": { "mcpServers": { "one": { "command": "x" } } } }',
    finds: ['config-bad-entry@1'],
    mended: '{ "mcpServers": { "one": { "command": "x" } } }',
  },
  {
    title: 'servers inside a server that have the name of another',
    client: 'lm-studio',
    text: '{ "mcpServers": { "one": { "command": "x" }, "inner": { "one": { "command": "y" } } } }',
    finds: ['config-bad-entry@1'],
    advises: /one level/,
  },
  {
    title: 'an empty entry',
    client: 'windsurf',
    text: entry(''),
    finds: ['config-bad-entry@3'],
    advises: /`command`.*`serverUrl`/,
  },
  {
    title: 'a working directory that the client does not set',
    client: 'claude-desktop',
    text: entry('"command": "x", "cwd": "/tmp"'),
    finds: ['config-ignored-field@3'],
    advises: /full path/,
  },
  {
    title: 'a map where a list is wanted',
    client: 'continue',
    format: 'yaml',
    text: 'mcpServers:\n  one:\n    command: x\n',
    finds: ['config-bad-entry@1'],
    mended: '- name: one',
  },
  {
    title: 'a transport that goose has no more',
    client: 'goose',
    text: 'extensions:\n  one:\n    type: sse\n    uri: http://localhost:3000/sse\n    enabled: true\n',
    finds: ['config-bad-entry@3'],
  },
];

test('a key that is twice makes TOML and YAML unreadable, and JSON not', () => {
  const toml = read('codex', '[mcp_servers.one]\ncommand = "x"\ncommand = "y"\n');
  const yaml = read('goose', 'extensions:\n  one:\n    type: stdio\n    cmd: x\n  one:\n    type: stdio\n    cmd: y\n');
  for (const { problems, entries } of [toml, yaml]) {
    assert.deepEqual(
      problems.map(({ code, severity }) => [code, severity]),
      [['config-syntax', 'error']],
    );
    assert.ok(entries.every(({ unread }) => unread === 'syntax'));
  }
  const json = read('cursor', entry('"command": "x", "command": "y"'));
  assert.deepEqual([json.problems[0]?.severity, json.entries[0]?.unread], ['warning', null]);
});

test('a file that is read by nobody names the one that is', () => {
  const client = clientNamed('claude-code');
  const rule = client.files.find(({ read: how, scope }) => how === 'never' && scope === 'user');
  assert.ok(rule);
  const file = {
    client: client.id,
    path: '/home/ada/.claude/mcp.json',
    shown: '~/.claude/mcp.json',
    scope: 'user',
    format: 'json',
  } as const;
  const moved = { ...HERE, environment: { CLAUDE_CONFIG_DIR: '/srv/claude' } };
  const adviceAt = (surroundings: Surroundings) =>
    readConfigText(client, rule, file, entry('"command": "x"'), surroundings).problems.map(({ advice }) => advice);
  assert.deepEqual(adviceAt(HERE), ['Move the servers to ~/.claude.json, under `mcpServers`.']);
  assert.deepEqual(adviceAt(moved), ['Move the servers to /srv/claude/.claude.json, under `mcpServers`.']);
});

test('a name that is twice in one file', () => {
  const { problems, entries } = read('cursor', '{ "mcpServers": { "one": { "command": "x" },\n "one": { "command": "y" } } }');
  assert.deepEqual(problems.map(shown), ['config-duplicate-name@2']);
  assert.equal(entries[0]?.command, 'y');
});

const shown = ({ code, position }: ConfigProblem): string => `${code}@${position.line}`;

for (const { title, client, text, scope, format, finds, mended, advises } of CASES) {
  test(`${client}: ${title}`, () => {
    const { problems, file, entries } = read(client, text, scope, format);
    assert.deepEqual(problems.map(shown), finds, problems.map(({ summary }) => summary).join('\n'));
    for (const { summary, line, mend, advice } of problems) {
      assert.ok(mend !== null || advice !== null, `nothing can be done: ${summary}`);
      assert.match(summary, /^\S.*\.$/);
      assert.doesNotMatch(summary, /undefined|\[object/);
      assert.ok(text.split('\n').some((one) => one.includes(line.slice(0, 5).trim())));
    }
    // Of a text with faults of syntax it may be that no server can be made out.
    assert.ok(entries.length > 0 || finds.length === 0 || problems.some(({ code }) => code === 'config-syntax'));
    if (advises !== undefined) assert.match(problems[0]?.advice ?? '', advises);
    const mend = problems[0]?.mend;
    if (mended === undefined) return;
    assert.ok(mend, 'no mend');
    const plan = planEdits(text, file.format, mend.edits);
    assert.ok('text' in plan, JSON.stringify(plan));
    assert.ok(plan.text.includes(mended), plan.text);
    assert.deepEqual(read(client, plan.text, scope, format).problems.map(shown), []);
  });
}

test('entries under a wrong key, and in a file that cannot be read, say so', () => {
  assert.equal(read('vscode', entry('"command": "x"')).entries[0]?.unread, 'wrong-key');
  assert.equal(read('cline', '{ "mcpServers": { "one": { "command": "x" }, } }').entries[0]?.unread, 'syntax');
});

test('no line shows the value of a variable or header', () => {
  const text = entry(
    '"commandd": "x", "env": { "A": "s3cr3t-value", "B": "abc" }, "headers": { "X": "Bearer hidden-one" }, "args": ["--api-key", "flagged-one"]',
  );
  for (const { line } of read('cursor', text).problems) assert.doesNotMatch(line, /s3cr3t|abc|hidden|flagged/);
  for (const { line } of read('cursor', text.slice(0, -4)).problems) assert.doesNotMatch(line, /s3cr3t|abc|hidden|flagged/);
});

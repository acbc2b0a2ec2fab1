import assert from 'node:assert/strict';
import { test } from 'node:test';
import { belongsTo, type LogSubject } from './belongs.ts';

const NOBODY: LogSubject = { name: null, alias: null, address: null, command: [] };

function links(subject: Partial<LogSubject>, texts: readonly string[]): readonly (string | null)[] {
  const test = belongsTo({ ...NOBODY, ...subject });
  return texts.map((text) => test({ text, at: null, servers: [], continues: false }));
}

test('a name counts in quotes, brackets, after a word for a server and before a colon', () => {
  const texts = [
    '[error] [fs] spawn npx ENOENT',
    "Error during discovery for MCP server 'fs': x",
    'MCP client for `fs` failed to start: x',
    'Connection to MCP server "fs" timed out',
    'Failed to start MCP client for fs: x',
    'service=mcp key=fs failed',
    'fs: Client closed for command',
    '✗ fs has failed to load after 1.24 s',
    'fs context server failed to start',
    'required MCP servers failed to initialize: fs: handshaking failed',
  ];
  assert.deepEqual(
    links({ name: 'fs' }, texts),
    texts.map(() => 'name'),
  );
});

test('a name in a sentence, or as a part of another name, does not', () => {
  const texts = [
    'the fs module failed',
    '[error] [fs-extra] spawn npx ENOENT',
    "MCP server 'my-fs' failed",
    'MCP server fs2 failed',
    'MCP server fs.extra failed',
    'MCP server fs/extra failed',
    'xfs: failed',
    '[fs-extra] fs-extra: failed',
  ];
  assert.deepEqual(
    links({ name: 'fs' }, texts),
    texts.map(() => null),
  );
});

test('a name that is a word of logs themselves counts in quotes only', () => {
  assert.deepEqual(links({ name: 'error' }, ['[error] [fs] failed', 'error: failed', "MCP server 'error' failed"]), [null, null, 'name']);
});

test('a name with signs that patterns know is taken by the letter', () => {
  assert.deepEqual(links({ name: 'a.b (c)' }, ['[a.b (c)] failed', '[axb (c)] failed']), ['name', null]);
});

const LOCAL = { host: 'localhost', port: 3000, path: '/mcp', isUsualPort: false };

test('an address counts by host and port; the names of loopback are one', () => {
  const texts = [
    'connect ECONNREFUSED 127.0.0.1:3000',
    'connect ECONNREFUSED ::1:3000',
    'dial tcp [::1]:3000: connection refused',
    'Error POSTing to http://localhost:3000/mcp',
    "HTTPConnectionPool(host='localhost', port=3000)",
  ];
  assert.deepEqual(
    links({ address: LOCAL }, texts),
    texts.map(() => 'address'),
  );
  const others = ['127.0.0.1:30001 refused', '10.0.0.7:3000 refused', 'localhost:8080/mcp', '3000 ms', 'mylocalhost:3000'];
  assert.deepEqual(
    links({ address: LOCAL }, others),
    others.map(() => null),
  );
});

test('on the usual port the path tells servers of one host apart', () => {
  const address = { host: 'mcp.example.com', port: 443, path: '/files/mcp', isUsualPort: true };
  const texts = [
    'https://mcp.example.com/files/mcp 401',
    'https://mcp.example.com/mail/mcp 401',
    'https://mcp.example.com.evil.test/files/mcp 401',
  ];
  assert.deepEqual(links({ address }, texts), ['address', null, null]);
});

test('a command counts where it is not found, or with all of what tells it from others', () => {
  const command = ['npx', '-y', '@example/files-mcp', '/home/ada/notes'];
  const texts = [
    'spawn npx ENOENT',
    'Starting: npx -y @example/files-mcp /home/ada/notes',
    'Starting: npx -y @example/files-mcp /home/ada/mail',
    'npx -y something-else failed',
  ];
  assert.deepEqual(links({ command }, texts), ['command', 'command', null, null]);
  assert.deepEqual(links({ command: ['my-server'] }, ['my-server: x', 'my-server-two: x']), ['command', null]);
});

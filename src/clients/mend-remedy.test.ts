import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConfigEntry, FieldPlace } from '../model/config.ts';
import type { Remedy } from '../model/remedy.ts';
import { client as claudeCode } from './claude-code.ts';
import type { Client } from './client.ts';
import { client as geminiCli } from './gemini-cli.ts';
import { client as goose } from './goose.ts';
import { mendsOfRemedies } from './mend-remedy.ts';
import { client as opencode } from './opencode.ts';
import { changeUrlText } from './url-text.ts';

const PATH = ['mcpServers', 'a'];

function used(
  client: Client,
  fields: Partial<ConfigEntry>,
  places: Readonly<Record<string, readonly (string | number)[]>>,
  address: string,
) {
  const position = { line: 1, column: 1, offset: 0, length: 1 };
  const entry: ConfigEntry = {
    client: client.id,
    name: 'a',
    file: { client: client.id, path: '/home/dev/config', shown: '~/config', scope: 'user', format: 'json' },
    path: PATH,
    position,
    at: Object.fromEntries(
      Object.entries(places).map(([name, path]): [string, FieldPlace] => [name, { path: [...PATH, ...path], position }]),
    ),
    transport: 'stdio',
    alsoSse: false,
    command: null,
    args: [],
    env: {},
    passedVariables: [],
    envFile: null,
    cwd: null,
    url: null,
    headers: {},
    headerVariables: {},
    timeoutMs: null,
    disabled: false,
    approval: 'not-needed',
    unread: null,
    raw: {},
    ...fields,
  };
  return { entry, shape: client.shape, address };
}

function edit(field: Extract<Remedy, { kind: 'edit' }>['field'], value: string): Remedy {
  return { kind: 'edit', title: 'Do it:', field, value };
}

const editsOf = (...[use, remedies]: Parameters<typeof mendsOfRemedies>) =>
  [...mendsOfRemedies(use, remedies).values()].map(({ edits }) =>
    edits.map((one) => Object.fromEntries(Object.entries(one).filter(([key]) => key !== 'file'))),
  );

test('an address changes only in what differs', () => {
  const cases: readonly (readonly [string, string, string, string | null])[] = [
    ['http://localhost:3000/mcp', 'http://localhost:3000/mcp', 'http://localhost:3001/mcp', 'http://localhost:3001/mcp'],
    ['http://localhost:3000', 'http://localhost:3000/', 'http://localhost:3000/mcp', 'http://localhost:3000/mcp'],
    ['http://localhost/mcp', 'http://localhost/mcp', 'http://127.0.0.1:8080/mcp', 'http://127.0.0.1:8080/mcp'],
    ['http://u:p@h/x?key=s3cret', 'http://***@h/x?key=***', 'http://h/mcp', 'http://u:p@h/mcp?key=s3cret'],
    ['https://${HOST}:3000/mcp?k=${K}', 'https://localhost:3000/mcp?k=***', 'http://localhost:3000/mcp', 'http://${HOST}:3000/mcp?k=${K}'],
    ['http://localhost:${PORT:-3000}/sse', 'http://localhost:3000/sse', 'http://localhost:3000/mcp', 'http://localhost:${PORT:-3000}/mcp'],
    ['http://localhost:${PORT:-3000}/mcp', 'http://localhost:3000/mcp', 'http://localhost:3001/mcp', null],
    ['${URL}', 'http://localhost:3000/mcp', 'http://localhost:3001/mcp', null],
    ['http://localhost:3000/mcp', 'http://[::1]:3000/mcp', 'http://127.0.0.1:3000/mcp', null],
    ['http://[::1]:3000/mcp', 'http://[::1]:3000/mcp', 'http://127.0.0.1:3000/mcp', 'http://127.0.0.1:3000/mcp'],
    ['http://localhost:80/mcp', 'http://localhost/mcp', 'http://localhost/sse', 'http://localhost:80/sse'],
  ];
  for (const [written, from, to, expected] of cases) assert.equal(changeUrlText(written, from, to), expected, written);
});

test('an address and its type are one mend, with the words and fields of the client', () => {
  const url = 'http://localhost:3000/x';
  const both = [edit('url', 'http://localhost:3000/sse'), edit('type', 'sse')];
  assert.deepEqual(editsOf(used(claudeCode, { url }, { url: ['url'] }, url), both), [
    [
      { op: 'set', path: [...PATH, 'url'], value: 'http://localhost:3000/sse' },
      { op: 'insert', path: [...PATH, 'type'], value: 'sse' },
    ],
  ]);
  assert.deepEqual(editsOf(used(geminiCli, { url }, { url: ['httpUrl'] }, url), [edit('type', 'sse')]), [
    [
      { op: 'rename-key', path: [...PATH, 'httpUrl'], value: 'url' },
      { op: 'insert', path: [...PATH, 'type'], value: 'sse' },
    ],
  ]);
  assert.deepEqual(editsOf(used(goose, { url }, { url: ['uri'], type: ['type'] }, url), [edit('type', 'sse')]), []);
});

test('a command by its full path, PATH, and cmd /c', () => {
  const plain = used(claudeCode, { command: 'npx', args: ['-y', 'x'] }, { command: ['command'], args: ['args'] }, 'npx -y x');
  assert.deepEqual(editsOf(plain, [edit('command', '/opt/npx'), { kind: 'set', title: 'PATH:', variable: 'PATH', value: '/opt:/bin' }]), [
    [{ op: 'set', path: [...PATH, 'command'], value: '/opt/npx' }],
    [{ op: 'insert', path: [...PATH, 'env', 'PATH'], value: '/opt:/bin' }],
  ]);
  assert.deepEqual(editsOf(plain, [edit('prefix', 'cmd /c')]), [
    [
      { op: 'set', path: [...PATH, 'command'], value: 'cmd' },
      { op: 'insert', path: [...PATH, 'args', 0], value: '/c' },
      { op: 'insert', path: [...PATH, 'args', 1], value: 'npx' },
    ],
  ]);
  const list = used(opencode, { command: 'npx', args: ['-y', 'x'] }, { command: ['command', 0], args: ['command'] }, 'npx -y x');
  assert.deepEqual(editsOf(list, [edit('prefix', 'cmd /c')]), [
    [
      { op: 'insert', path: [...PATH, 'command', 0], value: 'cmd' },
      { op: 'insert', path: [...PATH, 'command', 1], value: '/c' },
    ],
  ]);
  assert.deepEqual(editsOf(list, [{ kind: 'set', title: 'PATH:', variable: 'PATH', value: '/opt' }]), [
    [{ op: 'insert', path: [...PATH, 'environment', 'PATH'], value: '/opt' }],
  ]);
});

test('an address in the command field becomes the address; a server that has to be started first is no edit', () => {
  const url = 'http://localhost:3000/mcp';
  const at = { command: ['command'], args: ['args'] };
  const raw = { command: url, args: [], alwaysLoad: true };
  assert.deepEqual(editsOf(used(claudeCode, { command: url, raw }, at, url), [edit('url', url)]), [
    [{ op: 'set', path: PATH, value: { alwaysLoad: true, type: 'http', url } }],
  ]);
  assert.deepEqual(editsOf(used(claudeCode, { command: 'node', raw: { command: 'node' } }, at, 'node'), [edit('url', url)]), []);
});

test('what is masked is never written', () => {
  const use = used(claudeCode, { command: 'npx' }, { command: ['command'] }, 'npx');
  assert.deepEqual(editsOf(use, [edit('command', '/opt/***/npx')]), []);
});

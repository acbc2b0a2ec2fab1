import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLIENTS } from '../../clients/index.gen.ts';
import { readConfigText } from '../../clients/read-file.ts';
import { HERE } from '../../../test/rig/clients.ts';
import { parseDocument } from '../../documents/parse.ts';
import { planEdits } from '../../documents/edit.ts';
import type { ClientId } from '../../model/ids.gen.ts';
import type { Remedy } from '../../model/remedy.ts';
import { entryMends } from './entry-mends.ts';
import { maskedDiff } from './secrets.ts';

/** The first entry of a text as a client reads it. */
function read(id: ClientId, text: string) {
  const client = CLIENTS.find((one) => one.id === id);
  const rule = client?.files.find((one) => one.scope === 'user' && one.read === undefined);
  assert.ok(client !== undefined && rule !== undefined);
  const file = { client: id, path: '/home/dev/config', shown: '~/config', scope: rule.scope, format: rule.format } as const;
  const [entry] = readConfigText(client, rule, file, text, {
    ...HERE,
    home: '/home/dev',
    cwd: '/home/dev/app',
    project: '/home/dev/app',
  }).entries;
  assert.ok(entry);
  return { file, known: { client, shape: rule.shape ?? client.shape, entry, expanded: entry } };
}

function edit(field: Extract<Remedy, { kind: 'edit' }>['field'], value: string): Remedy {
  return { kind: 'edit', title: 'Change it:', field, value };
}

/** The text after the first mend; null when there is none. */
function mended(id: ClientId, text: string, ...remedies: readonly Remedy[]): string | null {
  const { file, known } = read(id, text);
  const [mend] = entryMends(known, remedies).values();
  if (mend === undefined) return null;
  const plan = planEdits(text, file.format, mend.edits);
  assert.ok('text' in plan, JSON.stringify(plan));
  return plan.text;
}

test('an address is replaced where it stands, whatever the client calls it', () => {
  const url = 'http://127.0.0.1:3001/mcp';
  const table: readonly (readonly [ClientId, string])[] = [
    ['cursor', '{ "mcpServers": { "a": { "url": "OLD" } } }'],
    ['gemini-cli', '{ "mcpServers": { "a": { "httpUrl": "OLD", "x": 1 } } }'],
    ['windsurf', '{ "mcpServers": { "a": { "serverUrl": "OLD" } } }'],
    ['codex', '# mine\n[mcp_servers.a]\nurl = "OLD" # here\n'],
    ['goose', 'extensions:\n  a:\n    type: streamable_http\n    enabled: true\n    uri: OLD\n'],
  ];
  for (const [client, text] of table) {
    const old = 'http://localhost:3000/mcp';
    assert.equal(mended(client, text.replace('OLD', old), edit('url', url)), text.replace('OLD', url), client);
  }
});

test('a type is written in the words of the client', () => {
  const text = mended('cursor', '{ "mcpServers": { "a": { "type": "sse", "url": "http://x/mcp" } } }', edit('type', 'http'));
  assert.match(text ?? '', /"type": "(?:http|streamable-http)"|^(?!.*"type")/);
  const vscode = mended('vscode', '{ "servers": { "a": { "type": "sse", "url": "http://x/mcp" } } }', edit('type', 'http'));
  assert.equal(vscode, '{ "servers": { "a": { "type": "http", "url": "http://x/mcp" } } }');
});

test('a prefix becomes the command', () => {
  assert.deepEqual(
    parseDocument(
      mended('cursor', '{ "mcpServers": { "a": { "command": "npx", "args": ["-y", "x"] } } }', edit('prefix', 'cmd /c')) ?? '',
      'json',
    ).value,
    { mcpServers: { a: { command: 'cmd', args: ['/c', 'npx', '-y', 'x'] } } },
  );
});

test('credentials and references of an address stay; a reference that would have to change is left to its owner', () => {
  const at = (url: string) => `{ "mcpServers": { "a": { "url": "${url}" } } }`;
  const moved = (url: string) => mended('cursor', at(url), edit('url', 'http://127.0.0.1/mcp'));
  assert.equal(moved('http://u:p@localhost/mcp'), at('http://u:p@127.0.0.1/mcp'));
  assert.equal(moved('http://localhost/mcp?key=1'), at('http://127.0.0.1/mcp?key=1'));
  assert.equal(moved('http://${env:HOST}/mcp'), null);
});

test('a diff shows the change and no secret', () => {
  const text = `{
  "mcpServers": {
    // token: old-secret-in-a-comment
    "a": { "url": "http://localhost:3000/mcp", "headers": { "X-Plain": "value-of-a-header", "Authorization": "Bearer \${TOKEN}" } },
    "b": { "command": "x", "args": ["--api-key", "value-of-a-flag", "--db=postgres://me:value-of-a-url@h/d"], "env": { "PLAIN": "value-of-a-variable" } }
  }
}
`;
  const { file, known } = read('vscode', text.replace('mcpServers', 'servers'));
  const [mend] = entryMends(known, [edit('url', 'http://127.0.0.1:3000/mcp')]).values();
  const diff = maskedDiff(file, text.replace('mcpServers', 'servers'), mend?.edits ?? []) ?? '';
  assert.match(diff, /^\+.*127\.0\.0\.1:3000/m);
  assert.match(diff, /\$\{TOKEN\}/, 'a reference is no secret');
  assert.doesNotMatch(diff, /value-of-|old-secret/);
});

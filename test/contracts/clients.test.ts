import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CLIENTS } from '../../src/clients/index.gen.ts';
import { readSources, ROOT } from './repository.ts';

/** Client ids are public: one may be added, none is renamed or removed. */
const IDS = [
  'amazon-q-cli',
  'antigravity',
  'claude-code',
  'claude-desktop',
  'cline',
  'codex',
  'continue',
  'crush',
  'cursor',
  'gemini-cli',
  'github-copilot-cli',
  'goose',
  'jetbrains-ai-assistant',
  'junie',
  'kilo-code',
  'kiro',
  'librechat',
  'lm-studio',
  'openclaw',
  'opencode',
  'qwen-code',
  'roo-code',
  'trae',
  'visual-studio',
  'vscode',
  'warp',
  'windsurf',
  'zed',
];

test('every public id has its client, in a file of that name', () => {
  const files = readSources('src/clients')
    .filter(({ text }) => /^export const client\b/m.test(text))
    .map(({ path }) => path.replace(/^.*\/|\.ts$/g, ''));
  const ids = CLIENTS.map(({ id }) => id);
  assert.deepEqual(ids, [...files].sort());
  for (const id of IDS) assert.ok((ids as readonly string[]).includes(id), id);
  assert.equal(new Set(ids).size, ids.length);
});

test('every client has a sample', () => {
  const samples = new Set(readdirSync(join(ROOT, 'test', 'samples', 'clients')).map((name) => name.replace(/\..*$/, '')));
  for (const { id } of CLIENTS) assert.ok(samples.has(id), id);
});

for (const client of CLIENTS) {
  test(`${client.id}: is filled in`, () => {
    assert.ok(client.title.length > 2);
    assert.ok(
      client.files.some(({ read }) => read === undefined),
      'no file that is read',
    );
    for (const { scope, read, keys } of client.files) {
      assert.ok(keys.length > 0);
      if (read === undefined) assert.ok(client.precedence.includes(scope), `no precedence for ${scope}`);
    }
    assert.match(client.reload, /^[A-Z].*\.$/);
    for (const note of [...client.notes, client.approval.how]) assert.match(note, /^\S.*\.$/s);
    assert.ok(client.refs.length > 0);
    for (const ref of client.refs) assert.ok(ref.startsWith('https://') && URL.canParse(ref), ref);
  });

  test(`${client.id}: each word it writes is one it reads`, () => {
    const { field, words, write } = client.shape.type;
    for (const word of Object.values(write)) {
      if (word === null) continue;
      assert.ok(field !== null && Object.hasOwn(words, word), word);
    }
  });
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clientNamed, read } from '../../test/rig/clients.ts';
import type { ClientId } from '../model/ids.gen.ts';
import { expandEntry } from './expand.ts';

const expand = (id: ClientId, text: string, environment: Readonly<Record<string, string>>) => {
  const [entry] = read(id, text).entries;
  assert.ok(entry);
  return expandEntry(clientNamed(id), entry, environment, { home: '/home/ada', project: '/work/app' });
};

test('each client replaces its own form, and only that', () => {
  const text = (url: string) => JSON.stringify({ mcpServers: { one: { type: 'http', url } } });
  assert.equal(expand('claude-code', text('http://a/${P}/${Q:-q}/${env:P}'), { P: 'p' }).url, 'http://a/p/q/${env:P}');
  assert.equal(expand('cursor', text('http://a/${env:P}/${P}'), { P: 'p$&' }).url, 'http://a/p$&/${P}');
  assert.equal(expand('claude-code', text('http://a/${P}'), {}).url, 'http://a/${P}');
  assert.equal(expand('cursor', text('http://a/${workspaceFolderBasename}'), {}).url, 'http://a/app');
});

test('Codex takes headers and variables by name', () => {
  const toml = '[mcp_servers.one]\nurl = "http://a/mcp"\nbearer_token_env_var = "T"\nenv_http_headers = { X = "H" }\n';
  assert.deepEqual(expand('codex', toml, { T: 't', H: 'h' }).headers, { Authorization: 'Bearer t', X: 'h' });
  assert.deepEqual(expand('codex', '[mcp_servers.one]\ncommand = "x"\nenv_vars = ["A", "B"]\n', { A: '1' }).env, { A: '1' });
});

/** A network that goes away in the middle of a call: no reset, no end of the stream, nothing. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { THERE } from '../lab/fault.ts';
import { makeNamespaces, removeNamespaces } from '../lab/namespaces.ts';
import { findProgram } from '../lab/needs.ts';
import { refusalIn, startClient } from './stdio-client.ts';

const SERVE = fileURLToPath(new URL('../lab/servers/serve.js', import.meta.url));
const PORT = '4000';
/** A look after 5 s, two attempts of 4 s each, and a busy machine. TCP alone takes a quarter of an hour. */
const NOTICED_MS = 40_000;
const skip = process.getuid?.() === 0 && findProgram('ip') !== undefined ? false : 'needs root and the ip program';

test('a call to a server whose network vanishes is answered, and the session goes on when it is back', { skip }, async (t) => {
  const { here, there } = await makeNamespaces(1, { peer: true });
  assert.ok(there !== null);
  const state = await mkdtemp(join(tmpdir(), 'mcpreach-'));
  t.after(async () => {
    await removeNamespaces({ here, there });
    await rm(state, { recursive: true, force: true });
  });
  // Stateless: there is no stream on which TCP's keep-alive would notice it.
  const server = spawn('ip', ['netns', 'exec', there, process.execPath, SERVE, 'v1-stateless', '--host', THERE, '--port', PORT]);
  await once(server.stdout, 'data');
  const client = startClient(['connect', `http://${THERE}:${PORT}/mcp`], { XDG_STATE_HOME: state }, here);
  await client.begin();
  await client.request('tools/list');

  execFileSync('ip', ['-n', there, 'link', 'set', 'far', 'down']);
  const started = performance.now();
  const refusal = refusalIn(await client.request('tools/call', { name: 'echo', arguments: { message: 'lost' } }));
  assert.equal(refusal.executed, 'unknown');
  assert.ok(performance.now() - started < NOTICED_MS);

  execFileSync('ip', ['-n', there, 'link', 'set', 'far', 'up']);
  assert.ok('result' in (await client.request('tools/list')));
  client.end();
  assert.equal((await client.ended).code, 0);
});

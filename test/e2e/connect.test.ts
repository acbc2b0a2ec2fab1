import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { freePort, startServer } from './lab-server.ts';
import { refusalIn, startClient, type StdioClient } from './stdio-client.ts';

const CRASHING = fileURLToPath(new URL('./crashing-server.js', import.meta.url));

async function connectTo(t: TestContext, args: readonly string[], variables: Record<string, string> = {}): Promise<StdioClient> {
  const state = await mkdtemp(join(tmpdir(), 'mcpreach-'));
  const client = startClient(['connect', ...args], { XDG_STATE_HOME: state, ...variables });
  t.after(async () => {
    client.child.kill('SIGKILL');
    await client.ended;
    await rm(state, { recursive: true, force: true });
  });
  return client;
}

function textOf(answer: Readonly<Record<string, unknown>>): string | undefined {
  return (answer['result'] as { content: { text: string }[] } | undefined)?.content[0]?.text;
}

const add = (client: StdioClient) => client.request('tools/call', { name: 'add', arguments: { a: 2, b: 3 } });

for (const app of ['v1-stateful', 'v1-stateless', 'v1-sse', 'v2-dual', 'v2-modern']) {
  test(`${app}: may come later, be killed and come back; the client's session goes on`, async (t) => {
    const port = await freePort();
    const path = app === 'v1-sse' ? 'sse' : 'mcp';
    const client = await connectTo(t, [`http://127.0.0.1:${port}/${path}`]);
    const answer = client.begin();
    let server = await startServer(app, port);
    t.after(() => server.kill());
    assert.equal((await answer)['error'], undefined);
    assert.equal(textOf(await add(client)), '5');
    for (let round = 0; round < 2; round += 1) {
      await server.kill();
      const held = add(client);
      server = await startServer(app, port);
      assert.equal(textOf(await held), '5');
    }
    client.end();
    assert.equal((await client.ended).code, 0);
  });
}

test('a server that never comes: the error is a diagnosis', async (t) => {
  const client = await connectTo(t, [`http://127.0.0.1:${await freePort()}/mcp`, '--hold', '2s']);
  const answer = await client.begin();
  // Tests beside this one run MCP servers on other ports.
  assert.match(refusalIn(answer).cause, /^(?:server-not-running|wrong-port)$/);
  assert.equal(refusalIn(answer).executed, 'no');
});

test('what is remembered opens the session while the server is away, and the server gets the calls', async (t) => {
  const port = await freePort();
  const state = await mkdtemp(join(tmpdir(), 'mcpreach-'));
  t.after(() => rm(state, { recursive: true, force: true }));
  const first = await connectTo(t, [`http://127.0.0.1:${port}/mcp`], { XDG_STATE_HOME: state });
  const server = await startServer('v1-stateful', port);
  const handshake = await first.begin();
  const tools = await first.request('tools/list');
  first.end();
  await first.ended;
  await server.kill();

  const second = await connectTo(t, [`http://127.0.0.1:${port}/mcp`], { XDG_STATE_HOME: state });
  assert.deepEqual((await second.begin())['result'], handshake['result']);
  assert.deepEqual((await second.request('tools/list'))['result'], tools['result']);
  const held = add(second);
  const again = await startServer('v1-stateful', port);
  t.after(() => again.kill());
  assert.equal(textOf(await held), '5');

  const third = await connectTo(t, [`http://127.0.0.1:${await freePort()}/mcp`, '--no-memory', '--hold', '300ms'], {
    XDG_STATE_HOME: state,
  });
  assert.notEqual((await third.begin())['error'], undefined);
});

test('a program that ends in a call is started again, and its last words are told', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'mcpreach-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const ran = join(folder, 'ran');
  const client = await connectTo(t, ['--', process.execPath, CRASHING, ran]);
  await client.begin();
  const answer = await client.request('tools/call', { name: 'crash' });
  assert.equal(refusalIn(answer).executed, 'unknown');
  assert.match(JSON.stringify(answer), /the disk is on fire/);
  assert.equal(textOf(await client.request('tools/call', { name: 'count' })), '2');
  assert.equal(await readFile(ran, 'utf8'), 'crash\ncount\n');
});

test('a program that is not there is said to be missing at once', async (t) => {
  const client = await connectTo(t, ['--', 'no-such-program-anywhere']);
  const answer = await client.begin();
  assert.equal(refusalIn(answer).cause, 'command-not-found');
});

test('ends within two seconds of its client, also in the middle of a call', async (t) => {
  const client = await connectTo(t, ['--', process.execPath, CRASHING, '/dev/null']);
  await client.begin();
  client.send({ id: 'slow', method: 'tools/call', params: { name: 'hang' } });
  const pid = Number(textOf(await client.request('tools/call', { name: 'pid' })));
  const before = performance.now();
  client.end();
  await client.ended;
  assert.ok(performance.now() - before < 2_000);
  assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
});

test('no secret is told: headers from a variable reach the server and no output', async (t) => {
  const port = await freePort();
  const server = await startServer('v1-stateful', port, { token: 'sesame-open-42' });
  t.after(() => server.kill());
  const url = `http://127.0.0.1:${port}/mcp`;
  const good = await connectTo(t, [url, '--header-env', 'Authorization=TOKEN'], { TOKEN: 'Bearer sesame-open-42' });
  await good.begin();
  assert.equal(textOf(await add(good)), '5');
  const bad = await connectTo(t, [url, '--header-env', 'Authorization=TOKEN'], { TOKEN: 'Bearer wrong-sesame-43' });
  assert.match(refusalIn(await bad.begin()).cause, /^auth-/);
  assert.equal(`${JSON.stringify(bad.messages)}${bad.stderr()}`.includes('sesame'), false);
});

test('wrong use is told on stderr with exit code 2, and stdout stays clean', async (t) => {
  for (const args of [
    [],
    ['http://127.0.0.1:1/mcp', 'http://127.0.0.1:2/mcp'],
    ['--hold', 'soon', 'http://127.0.0.1:1/mcp'],
    ['ftp://x'],
  ]) {
    const client = await connectTo(t, args);
    assert.equal((await client.ended).code, 2, args.join(' '));
    assert.deepEqual(client.messages, []);
    assert.match(client.stderr(), /^mcpreach: /);
  }
});

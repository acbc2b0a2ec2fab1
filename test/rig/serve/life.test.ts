import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ask, callOf, isAlive, metric, openSession, post, startService, stream, textOf, until } from './service.ts';

/** What is in use after everything that nobody needs has been taken away. */
function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function pidOf(url: string, session: Readonly<Record<string, string>>): Promise<number> {
  return Number(textOf((await post(url, callOf('pid', 'whoami'), session)).json));
}

test('each session has a process of its own, which ends with it', async (t) => {
  const { url } = await startService(t);
  const [one, two] = await Promise.all([openSession(url), openSession(url)]);
  const [first, second] = await Promise.all([pidOf(url, one), pidOf(url, two)]);
  assert.notEqual(first, second);
  assert.equal((await ask(url, 'DELETE', one)).status, 200);
  await until('its process has ended', () => !isAlive(first));
  assert.equal(isAlive(second), true);
  assert.equal((await post(url, callOf(1, 'whoami'), one)).status, 404);
});

test('the process of a client that vanished is gone within five seconds', async (t) => {
  const { url } = await startService(t);
  const session = await openSession(url);
  const own = await stream(url, session);
  const pid = await pidOf(url, session);
  own.close();
  await until('its process has ended', () => !isAlive(pid));
});

test('a client that lost its stream and opens it again keeps its session', async (t) => {
  const { url } = await startService(t);
  const session = await openSession(url);
  (await stream(url, session)).close();
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const again = await stream(url, session);
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  assert.equal((await post(url, callOf(1, 'echo', { arguments: { text: 'x' } }), session)).status, 200);
  again.close();
});

test('a session without streams ends when nothing happens', async (t) => {
  const { url } = await startService(t, { idleMs: 300 });
  const session = await openSession(url);
  const pid = await pidOf(url, session);
  await until('its process has ended', () => !isAlive(pid));
  assert.equal((await post(url, callOf(1, 'whoami'), session)).status, 404);
});

test('more sessions than allowed are refused with a reason', async (t) => {
  const { url } = await startService(t, { maxSessions: 1 });
  await openSession(url);
  const refused = await post(url, { jsonrpc: '2.0', id: 0, method: 'initialize', params: {} });
  const error = refused.json['error'] as { readonly code: number; readonly data: { readonly mcpreach: object } };
  assert.deepEqual([refused.status, error.code, refused.json['id']], [503, -31_000, 0]);
  assert.deepEqual(error.data.mcpreach, {
    cause: 'rate-limited',
    executed: 'no',
    remedies: (error.data.mcpreach as { remedies: unknown }).remedies,
  });
});

test('a call whose process dies is answered at once and quotes its last words; the session is gone', async (t) => {
  const { url } = await startService(t);
  const session = await openSession(url);
  const { json } = await post(url, callOf(1, 'crash'), session);
  assert.match(JSON.stringify(json), /"executed":"unknown"/);
  assert.match(JSON.stringify(json), /the disk is full/);
  assert.equal((await post(url, callOf(2, 'whoami'), session)).status, 404);
  await openSession(url);
});

test('a shared process that dies is started again, and its sessions go on', async (t) => {
  const { url, origin } = await startService(t, { shared: true });
  const [one, two] = await Promise.all([openSession(url), openSession(url)]);
  const before = await pidOf(url, one);
  assert.equal(await pidOf(url, two), before);
  await post(url, { jsonrpc: '2.0', id: 1, method: 'resources/subscribe', params: { uri: 'test://one' } }, one);
  const { json } = await post(url, callOf(2, 'crash'), two);
  assert.match(JSON.stringify(json), /"executed":"unknown"/);
  assert.notEqual(await pidOf(url, one), before);
  assert.equal(textOf((await post(url, callOf(3, 'updates'), { ...two, accept: 'application/json' })).json), '1', 'it is subscribed again');
  assert.equal(await metric(origin, 'mcpreach_child_restarts_total'), 1);
});

test('clients of a shared process are kept apart', async (t) => {
  const { url } = await startService(t, { shared: true });
  const sessions = await Promise.all(Array.from({ length: 20 }, () => openSession(url)));
  const calls = sessions.flatMap((session, index) =>
    Array.from({ length: 5 }, (_, call) => ({ session, id: call, text: `${index} ${call}` })),
  );
  const texts = await Promise.all(
    calls.map(async ({ session, id, text }) => {
      const answer = await post(url, callOf(id, 'echo', { arguments: { text } }), session);
      return [answer.json['id'], textOf(answer.json)];
    }),
  );
  assert.deepEqual(
    texts,
    calls.map(({ id, text }) => [id, text]),
  );

  const [one = {}, two = {}] = sessions;
  const [ownOne, ownTwo] = await Promise.all([stream(url, one), stream(url, two)]);
  await Promise.all([ownOne.next(), ownTwo.next()]);
  await post(url, { jsonrpc: '2.0', id: 'sub', method: 'resources/subscribe', params: { uri: 'test://one' } }, one);
  await post(url, callOf('u', 'updates'), { ...two, accept: 'application/json' });
  assert.match((await ownOne.next()).data, /resources\/updated/);
  const noisy = await stream(url, two, callOf('n', 'noisy', { _meta: { progressToken: 1 } }));
  await noisy.next();
  assert.match((await noisy.next()).data, /notifications\/message/);
  assert.match((await noisy.next()).data, /"progressToken":1,/);
  assert.match((await ownTwo.next()).data, /list_changed/, 'and no update that only the other one wants');
  assert.match((await ownOne.next()).data, /list_changed/);

  const waiting = Promise.all([post(url, callOf('w', 'wait'), one), post(url, callOf('a', 'ask'), two)]);
  assert.match(textOf((await waiting)[1].json), /refused/, 'nobody can tell whose request that is');
  ownOne.close();
  ownTwo.close();
});

test('sessions dropped in the middle and killed processes leave nothing behind', { timeout: 300_000 }, async (t) => {
  const all = Number(process.env['MCPREACH_CHAOS_SESSIONS'] ?? 40);
  let rounds = 0;
  const { url, origin, service } = await startService(t);
  const descriptors = () => readdirSync('/proc/self/fd').length;
  await post(url, {});
  const before = process.platform === 'linux' ? descriptors() : 0;
  const pids: number[] = [];
  let next = 0;

  async function client(): Promise<void> {
    while (next < rounds) {
      const turn = next;
      next += 1;
      const session = await openSession(url);
      const pid = await pidOf(url, session);
      pids.push(pid);
      const own = await stream(url, session);
      // Half of the calls are under way when the client goes.
      const call = stream(url, session, callOf(1, turn % 2 === 0 ? 'never' : 'noisy')).catch(() => null);
      if (turn % 4 === 1) process.kill(pid, 'SIGKILL');
      if (turn % 4 === 3) await ask(url, 'DELETE', session);
      own.close();
      void call.then((one) => one?.close());
      if (turn % 4 === 0) (await call)?.close();
    }
  }

  async function torment(upTo: number): Promise<number> {
    rounds = upTo;
    await Promise.all(Array.from({ length: 10 }, client));
    await until('all processes have ended', () => !pids.some(isAlive), 20_000);
    await until('all sessions have ended', async () => (await metric(origin, 'mcpreach_sessions')) === 0, 20_000);
    return heapBytes();
  }

  // What is made once, for example compiled code, is there after the first half.
  const half = await torment(all / 2);
  const grown = (await torment(all)) - half;
  assert.ok(grown < 1024 * 1024, `${Math.round(grown / 1024)} KiB more after as many sessions again`);
  assert.equal(await metric(origin, 'mcpreach_children'), 0);
  if (process.platform === 'linux') await until('descriptors are what they were', () => descriptors() <= before + 2, 10_000);
  await service.close();
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type HealthHandler, healthRoutes } from './health-routes.ts';

async function ask(handler: HealthHandler, path: string, method = 'GET'): Promise<{ status: number; body: string } | undefined> {
  const response = await handler(new Request(`http://localhost${path}`, { method }));
  return response && { status: response.status, body: await response.text() };
}

describe('healthRoutes', () => {
  it('answers its own paths and no others', async () => {
    const health = healthRoutes(() => true);
    assert.equal((await ask(health, '/health'))?.status, 200);
    assert.deepEqual(await ask(health, '/ready?verbose'), { status: 200, body: '{"status":"ready"}\n' });
    assert.equal(await ask(health, '/mcp'), undefined);
    assert.equal(await ask(health, '/metrics'), undefined);
    assert.equal(await ask(health, '/healthy'), undefined);
  });

  it('is alive even when it is not ready, and says why it is not', async () => {
    const health = healthRoutes(() => ({ ready: false, reason: 'The index is being built.' }));
    assert.equal((await ask(health, '/health'))?.status, 200);
    assert.deepEqual(await ask(health, '/ready'), { status: 503, body: '{"status":"not-ready","reason":"The index is being built."}\n' });
  });

  it('shows the code of an error and never its words', async () => {
    const errors: unknown[] = [];
    const error = Object.assign(new Error('password hunter2 refused'), { code: 'ECONNREFUSED' });
    const failing = healthRoutes(() => Promise.reject(error), { onError: (one) => errors.push(one) });
    const answer = await ask(failing, '/ready');
    assert.deepEqual([answer?.status, errors], [503, [error]]);
    assert.match(answer?.body ?? '', /ECONNREFUSED/);
    assert.doesNotMatch(answer?.body ?? '', /hunter2/);
    const throwing = healthRoutes(() => {
      throw new Error('hunter2');
    });
    assert.deepEqual(await ask(throwing, '/ready'), { status: 503, body: '{"status":"not-ready","reason":"The check failed."}\n' });
  });

  it('masks what looks like a secret in a reason', async () => {
    const health = healthRoutes(() => ({ ready: false, reason: 'postgres://ada:hunter2@db/main is away' }));
    assert.doesNotMatch((await ask(health, '/ready'))?.body ?? '', /hunter2/);
  });

  it('runs one check for all who ask at once, and keeps its answer', async () => {
    let runs = 0;
    const health = healthRoutes(async () => {
      runs += 1;
      await Promise.resolve();
    });
    await Promise.all(Array.from({ length: 20 }, () => ask(health, '/ready')));
    await ask(health, '/ready');
    assert.equal(runs, 1);
    let again = 0;
    const forgetful = healthRoutes(() => void (again += 1), { cacheMs: 0 });
    await ask(forgetful, '/ready');
    await ask(forgetful, '/ready');
    assert.equal(again, 2);
  });

  it('ends a check that hangs, and starts no second one beside it', async () => {
    let runs = 0;
    let aborted = false;
    const health = healthRoutes(
      (signal) => {
        runs += 1;
        signal.addEventListener('abort', () => void (aborted = true));
        return new Promise<void>(() => {});
      },
      // Lost only after ten limits, so that a slow machine does not see the second check.
      { timeoutMs: 200, cacheMs: 0 },
    );
    assert.match((await ask(health, '/ready'))?.body ?? '', /did not end within 200 ms/);
    assert.ok(aborted);
    assert.match((await ask(health, '/ready'))?.body ?? '', /has not ended yet/);
    assert.equal(runs, 1);
  });

  it('answers HEAD without a body and refuses other methods', async () => {
    const health = healthRoutes(() => false);
    assert.deepEqual(await ask(health, '/ready', 'HEAD'), { status: 503, body: '' });
    assert.equal((await ask(health, '/health', 'POST'))?.status, 405);
  });

  it('serves metrics, and hides why they failed', async () => {
    const health = healthRoutes(() => true, { metrics: () => 'up 1\n# EOF\n' });
    assert.deepEqual(await ask(health, '/metrics'), { status: 200, body: 'up 1\n# EOF\n' });
    const broken = healthRoutes(() => true, { metrics: () => Promise.reject(new Error('hunter2')) });
    const answer = await ask(broken, '/metrics');
    assert.equal(answer?.status, 500);
    assert.doesNotMatch(answer?.body ?? '', /hunter2/);
  });

  it('takes no time that is none', () => {
    assert.throws(() => healthRoutes(() => true, { timeoutMs: 0 }), { code: 'invalid-timeout' });
    assert.throws(() => healthRoutes(() => true, { cacheMs: Number.NaN }), { code: 'invalid-timeout' });
  });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { start } from './program.ts';
import { serveSilence } from './servers.ts';

const CODES = { SIGINT: 130, SIGTERM: 143 } as const;
const skip = process.platform === 'win32';

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`${signal} ends the doctor promptly, with whole lines only`, { skip }, async () => {
    const server = await serveSilence();
    try {
      const running = start(['doctor', server.url]);
      await running.seen(/✓ tcp/);
      const before = performance.now();
      running.child.kill(signal);
      const { code, stdout, stderr } = await running.ended;
      assert.ok(performance.now() - before < 1500);
      assert.equal(code, CODES[signal]);
      assert.match(stdout, /^http:.*\n {2}✓ tcp .*\n$/);
      assert.equal(stderr, '');
    } finally {
      await server.close();
    }
  });
}

test('an interrupted --json run still prints one document', { skip }, async () => {
  const server = await serveSilence();
  try {
    const running = start(['doctor', server.url, '--json']);
    // Nothing is printed that could be waited for; the port is dialled within this time.
    await new Promise((resolve) => setTimeout(resolve, 700));
    running.child.kill('SIGINT');
    const { code, stdout } = await running.ended;
    assert.equal(code, 130);
    assert.equal((JSON.parse(stdout) as { error: { code: string } }).error.code, 'interrupted');
  } finally {
    await server.close();
  }
});

test('Ctrl-C ends the demo and everything it started', { skip }, async () => {
  const running = start(['demo', '--fast']);
  await running.seen(/1\/7/);
  running.child.kill('SIGINT');
  const { code, stdout } = await running.ended;
  assert.equal(code, 130);
  assert.doesNotMatch(stdout, /scenes ended/);
});

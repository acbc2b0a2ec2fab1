import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isAlive, openSession, post, callOf, textOf, until } from '../rig/serve/service.ts';
import { mcpreach, type Running, start } from './program.ts';

const SERVER = fileURLToPath(new URL('../rig/serve/server.js', import.meta.url));

async function serving(t: TestContext, ...options: readonly string[]): Promise<{ readonly running: Running; readonly url: string }> {
  const running = start(['serve', '--port', '0', ...options, '--', process.execPath, SERVER]);
  t.after(() => running.child.kill('SIGKILL'));
  let text = '';
  running.child.stdout?.on('data', (chunk: string) => (text += chunk));
  await running.seen(/serving http/);
  await until('the address on stdout', () => /^http.*\n/.test(text));
  return { running, url: text.trim() };
}

test('--port 0 prints the address alone on stdout; SIGTERM lets a call finish and ends every process', async (t) => {
  for (const options of [[], ['--shared']]) {
    const { running, url } = await serving(t, ...options);
    assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\/mcp$/);
    assert.equal((await fetch(url.replace('127.0.0.1', '[::1]').replace('/mcp', '/health'))).status, 200);
    const session = await openSession(url);
    const pid = Number(textOf((await post(url, callOf(1, 'whoami'), session)).json));
    const call = post(url, callOf(2, 'wait'), session);
    await new Promise((resolve) => setTimeout(resolve, 50));
    running.child.kill('SIGTERM');
    assert.equal(textOf((await call).json), 'waited');
    const { code, ms } = await running.ended;
    assert.equal(code, 143);
    assert.ok(ms < 30_000);
    await until('its process has ended', () => !isAlive(pid), 1_000);
  }
});

test('a command that cannot run is said at once, with the code a shell would give', async () => {
  for (const [words, expected, text] of [
    [['no-such-command-of-mcpreach'], 127, /could not be started \(ENOENT\)/],
    [['/'], 126, /EACCES/],
    [[process.execPath, '-e', 'console.error("no licence"); process.exit(7)'], 7, /no licence/],
  ] as const) {
    for (const options of [[], ['--shared']]) {
      const { code, stderr } = await mcpreach(['serve', '--port', '0', ...options, '--', ...words]);
      assert.equal(code, expected, stderr);
      assert.match(stderr, text);
    }
  }
});

test('a port that is taken is not left for another; it is said who has it', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => holder.once('listening', resolve));
  const { port } = holder.address() as AddressInfo;
  const { code, stdout, stderr } = await mcpreach(['serve', '--port', String(port), '--', process.execPath, SERVER]);
  holder.close();
  assert.deepEqual([code, stdout], [1, '']);
  assert.match(stderr, new RegExp(`port ${port} is taken`));
  if (process.platform === 'linux') assert.match(stderr, new RegExp(`process ${process.pid}`));
});

test('wrong use', async () => {
  const wrong: readonly (readonly string[])[] = [
    ['--host', '0.0.0.0'],
    ['--host', 'everywhere'],
    ['--port', '70000'],
    ['--max-sessions', '0'],
    ['--path', 'mcp'],
    ['--token', 'a', '--token-env', 'B'],
    ['--token-env', 'NO_SUCH_VARIABLE_OF_MCPREACH'],
    ['--allow-origin', 'evil'],
  ];
  for (const options of wrong) {
    const { code, stdout } = await mcpreach(['serve', ...options, '--', 'true']);
    assert.deepEqual([code, stdout], [2, ''], options.join(' '));
  }
  assert.equal((await mcpreach(['serve'])).code, 2);
});

test('the token of a variable is asked for, and the command does not get it', async (t) => {
  const child = 'process.stderr.write(`has ${"MY_TOKEN" in process.env}\\n`); process.stdin.resume()';
  const running = start(['serve', '--port', '0', '--host', '0.0.0.0', '--token-env', 'MY_TOKEN', '--', process.execPath, '-e', child], {
    MY_TOKEN: 'sesame-42',
  });
  t.after(() => running.child.kill('SIGKILL'));
  await running.seen(/has false/);
  running.child.kill('SIGINT');
  const { code, stdout, stderr } = await running.ended;
  assert.equal(code, 130);
  assert.doesNotMatch(stdout + stderr, /sesame-42/);
});

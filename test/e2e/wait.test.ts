/** `mcpreach wait` as a user runs it: exit codes, signals, and the command in its place. */
import assert from 'node:assert/strict';
import { access, chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { WaitResult } from '../../src/commands/wait/wait.ts';
import { type Ended, mcpreach, start } from './program.ts';
import { refusedUrl, serveMcp, serveSilence, type Served } from './servers.ts';

const skip = process.platform === 'win32';
const NODE = process.execPath;
let server: Served;
let folder: string;

before(async () => {
  server = await serveMcp();
  folder = await mkdtemp(join(tmpdir(), 'mcpreach-wait-'));
});

after(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const script = (text: string) => ['--', NODE, '-e', text];

test('ready: says so and exits with 0', async () => {
  const { code, stdout, stderr } = await mcpreach(['wait', server.url]);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^http:\/\/127\.0\.0\.1:\d+\/mcp is ready after .*\n$/);
  assert.equal(stderr, '');
  const quiet = await mcpreach(['wait', server.url, '--quiet']);
  assert.deepEqual([quiet.code, quiet.stdout, quiet.stderr], [0, '', '']);
});

test('--json prints one document', async () => {
  const { code, stdout } = await mcpreach(['wait', server.url, '--json']);
  const result = JSON.parse(stdout) as WaitResult;
  assert.equal(code, 0);
  assert.equal(result.schema, 'mcpreach.wait/1');
  assert.deepEqual(Object.keys(result.targets[0] ?? {}), ['address', 'ready', 'afterMs', 'attempts', 'last']);
  assert.ok(result.ready);
});

test('--json on a timeout holds the verdict, and nothing is started', async () => {
  const file = join(folder, 'started');
  const url = await refusedUrl();
  const { code, stdout, stderr } = await mcpreach([
    'wait',
    server.url,
    url,
    '--json',
    '--timeout',
    '500',
    ...script(`require('fs').writeFileSync(${JSON.stringify(file)}, '')`),
  ]);
  const { ready, targets } = JSON.parse(stdout) as WaitResult;
  assert.equal(code, 1);
  assert.ok(!ready && targets[0]?.ready === true && targets[0].last === null);
  // Tests beside this one may run MCP servers on other ports, which are then named.
  assert.match(targets[1]?.last?.cause ?? '', /^(?:server-not-running|wrong-port)$/);
  assert.match(targets[1]?.last?.summary ?? '', /not running|port/);
  assert.equal(stderr, '');
  await assert.rejects(access(file));
});

test('on a timeout the doctor tells why; stdout is left to the command where there is one', async () => {
  const url = await refusedUrl();
  const [alone, before] = await Promise.all([
    mcpreach(['wait', url, '--timeout', '300']),
    mcpreach(['wait', url, '--timeout', '300', ...script('')]),
  ]);
  assert.equal(alone.code, 1);
  assert.match(alone.stdout, /Failed: Nothing listens on port/);
  assert.match(alone.stdout, /Mend:/);
  assert.match(alone.stderr, /was not ready within 300 ms/);
  assert.equal(before.stdout, '');
  assert.match(before.stderr, /Failed: Nothing listens on port/);
});

test("the command's output, arguments and exit code are its own", { skip }, async () => {
  const { code, stdout, stderr } = await mcpreach([
    'wait',
    server.url,
    '--',
    NODE,
    '-e',
    'console.log(process.argv.slice(1).join("|")); console.error("err"); process.exit(7)',
    '--',
    '--json',
    '$HOME',
    'two words',
  ]);
  assert.equal(code, 7);
  assert.equal(stdout, '--json|$HOME|two words\n');
  assert.equal(stderr, 'err\n');
});

test('a command that a signal ends, one that is missing, and one that cannot be run', { skip }, async () => {
  const file = join(folder, 'not-executable');
  await writeFile(file, 'text');
  await chmod(file, 0o644);
  const [killed, missing, blocked] = await Promise.all([
    mcpreach(['wait', server.url, ...script('process.kill(process.pid, "SIGKILL")')]),
    mcpreach(['wait', server.url, '--', 'no-such-command-of-mcpreach']),
    mcpreach(['wait', server.url, '--', file]),
  ]);
  assert.equal(killed.code, 137);
  assert.equal(missing.code, 127);
  assert.match(missing.stderr, /no-such-command-of-mcpreach: there is no such command/);
  assert.equal(blocked.code, 126);
});

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  test(`${signal} while waiting ends at once and starts nothing`, { skip }, async () => {
    const silent = await serveSilence();
    const file = join(folder, signal);
    const running = start(['wait', silent.url, ...script(`require('fs').writeFileSync(${JSON.stringify(file)}, '')`)]);
    await running.seen(/waiting for/);
    const since = performance.now();
    running.child.kill(signal);
    const ended = await running.ended;
    assert.equal(ended.code, code);
    assert.ok(performance.now() - since < 1500);
    assert.equal(ended.stdout, '');
    await assert.rejects(access(file));
    await silent.close();
  });

  test(`${signal} while the command runs is passed on, and its end is waited for`, { skip }, async () => {
    const text = `process.on('${signal}', () => setTimeout(() => { console.log('mended'); process.exit(9); }, 2300)); console.log('up'); setInterval(() => {}, 1000)`;
    const running = start(['wait', server.url, ...script(text)]);
    await running.seen(/up/);
    running.child.kill(signal);
    const { code: own, stdout } = await running.ended;
    assert.equal(own, 9);
    assert.equal(stdout, 'up\nmended\n');
  });
}

test('the command has standard input', { skip }, async () => {
  const file = join(folder, 'input');
  await writeFile(file, 'hello\n');
  const { spawn } = await import('node:child_process');
  const { openSync } = await import('node:fs');
  const { fileURLToPath } = await import('node:url');
  const main = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));
  const child = spawn(NODE, [main, 'wait', server.url, '--', 'cat'], { stdio: [openSync(file, 'r'), 'pipe', 'ignore'] });
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await new Promise((resolve) => child.once('close', resolve));
  assert.equal(text, 'hello\n');
});

const WRONG: readonly (readonly [readonly string[], string])[] = [
  [['wait'], 'missing-argument'],
  [['wait', '--', 'true'], 'missing-argument'],
  [['wait', 'URL', '--'], 'missing-argument'],
  [['wait', 'URL', '--for', 'sleep'], 'invalid-value'],
  [['wait', 'URL', '--for', 'tcp', '--tools', 'a'], 'conflicting-options'],
  [['wait', 'URL', '--tools', 'a,,b'], 'invalid-value'],
  [['wait', 'URL', '--timeout', 'soon'], 'invalid-duration'],
  [['wait', 'URL', '--interval', '0'], 'invalid-duration'],
  [['wait', 'tcp://nowhere'], 'invalid-url'],
  [['wait', 'tcp://user:sesame42@host:1'], 'invalid-url'],
  [['wait', 'localhost:3000/mcp'], 'missing-scheme'],
];

for (const [args, code] of WRONG) {
  test(`wrong use: mcpreach ${args.join(' ')}`, async () => {
    const given = args.map((word) => (word === 'URL' ? server.url : word));
    const at = given.indexOf('--');
    const json = at === -1 ? [...given, '--json'] : given.toSpliced(at, 0, '--json');
    const [plain, document] = await Promise.all([mcpreach(given), mcpreach(json)]);
    assert.equal(plain.code, 2);
    assert.equal(plain.stdout, '');
    assert.doesNotMatch(plain.stderr, /sesame42|\n\s+at /);
    assert.equal((JSON.parse(document.stdout) as { error: { code: string } }).error.code, code);
  });
}

test('names of a config: waited for with their headers, consent for commands, and no secret in any output', async () => {
  const project = join(folder, 'project');
  const home = join(folder, 'home');
  await mkdir(project);
  await mkdir(home);
  const file = join(project, '.mcp.json');
  const servers = {
    web: { type: 'http', url: server.url, headers: { Authorization: 'Bearer ${WAIT_TOKEN}' } },
    gone: { type: 'http', url: `${await refusedUrl()}?key=hunter2-query` },
    started: { command: 'node', args: ['no-such-server.js', '--token', 'hunter2-flag'] },
  };
  await writeFile(file, JSON.stringify({ mcpServers: servers }));
  const clean = { CLAUDE_CONFIG_DIR: '', CODEX_HOME: '', XDG_CONFIG_HOME: '', XDG_STATE_HOME: '', APPDATA: '' };
  const variables = { ...clean, HOME: home, USERPROFILE: home, WAIT_TOKEN: 'hunter2-token' };
  const run = (...args: string[]): Promise<Ended> => start(['wait', ...args], variables, project).ended;
  const [web, colon, unknown, unasked, failing, gone] = await Promise.all([
    run('web'),
    run('claude-code:web', '--json'),
    run('startd'),
    run('started'),
    run('started', '--yes', '--timeout', '400', '--json'),
    run('.mcp.json#gone', '--timeout', '300'),
  ]);
  assert.equal(web.code, 0, web.stderr);
  assert.equal((JSON.parse(colon.stdout) as WaitResult).ready, true);
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /Did you mean started\?/);
  assert.equal(unasked.code, 2);
  assert.match(unasked.stderr, /--yes/);
  assert.equal(failing.code, 1);
  assert.notEqual((JSON.parse(failing.stdout) as WaitResult).targets[0]?.last?.cause ?? null, null);
  assert.equal(gone.code, 1);
  assert.match(gone.stdout, /Failed:/);
  for (const { stdout, stderr } of [web, colon, unknown, unasked, failing, gone]) assert.doesNotMatch(stdout + stderr, /hunter2/);
  assert.match(await readFile(file, 'utf8'), /hunter2-flag/, 'nothing is written');
});

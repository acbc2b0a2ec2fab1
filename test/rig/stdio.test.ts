import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { diagnose } from '../../src/diagnose/run.ts';
import type { DiagnoseOptions, StdioInput } from '../../src/diagnose/options.ts';
import type { StdioClientFacts } from '../../src/model/stdio.ts';
import type { ReportTarget } from '../../src/model/report.ts';
import { sleep } from '../../src/system/clock.ts';
import { ROOT } from '../contracts/repository.ts';
import { type RegistryPace, startRegistry } from './stdio-registry.ts';

/** Inherited by everything a server starts; who carries it when the tests are over was left behind. */
const MARK = `MCPREACH_RIG_${randomUUID().replaceAll('-', '')}`;
const SERVERS = join(dirname(fileURLToPath(import.meta.url)), 'stdio-servers');
const RAW = join(SERVERS, 'raw.js');
const EVERYTHING = join(ROOT, 'node_modules', '@modelcontextprotocol', 'server-everything', 'dist', 'index.js');
const NODE = process.execPath;
const posix = { skip: process.platform === 'win32' ? 'POSIX only' : false };
const linux = { skip: process.platform === 'linux' ? false : 'Linux only' };

const folder = mkdtempSync(join(tmpdir(), 'mcpreach-stdio-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const IMPATIENT: StdioClientFacts = { id: 'rig', startupLimitMs: 1_000, gui: false, needsCmdWrapper: false };
const GRAPHICAL: StdioClientFacts = { id: 'rig-desktop', startupLimitMs: 10_000, gui: true, needsCmdWrapper: false };

/** As the doctor would do it, with a shorter wait unless told. */
async function look(input: StdioInput, options: DiagnoseOptions = {}): Promise<ReportTarget> {
  const report = await diagnose([{ ...input, env: { [MARK]: '1', ...input.env } }], { timeoutMs: 8_000, ...options });
  const [target] = report.targets;
  assert.ok(target);
  return target;
}

function raw(mode: string, ...args: string[]): StdioInput {
  return { command: NODE, args: [RAW, mode, ...args] };
}

interface Expected {
  readonly certainty?: ReportTarget['certainty'];
  /** Found in the summary, the evidence or the remedies of the verdict. */
  readonly says?: RegExp;
  readonly failedAt?: string;
}

async function fails(cause: string, input: StdioInput, expected: Expected = {}, options: DiagnoseOptions = {}): Promise<void> {
  const target = await look(input, options);
  const story = JSON.stringify(target, null, 1);
  assert.equal(target.status, 'failed', story);
  assert.equal(target.cause, cause, story);
  if (expected.certainty !== undefined) assert.equal(target.certainty, expected.certainty, story);
  if (expected.says !== undefined) assert.match(JSON.stringify(target.findings[0]), expected.says);
  assert.equal(target.path.filter(({ status }) => status === 'failed').length, 1, story);
  if (expected.failedAt !== undefined) assert.equal(target.path.find(({ status }) => status === 'failed')?.layer, expected.failedAt, story);
}

async function works(input: StdioInput, tools: number | null, options: DiagnoseOptions = {}): Promise<ReportTarget> {
  const target = await look(input, options);
  const story = JSON.stringify(target, null, 1);
  assert.equal(target.status, 'ok', story);
  assert.equal(target.server?.tools, tools, story);
  assert.ok(
    target.path.every(({ status }) => status === 'ok'),
    story,
  );
  return target;
}

function file(name: string, text: string, mode = 0o755): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

describe('a command that cannot be started', { concurrency: 4, ...posix }, () => {
  test('is not installed', () =>
    fails('command-not-found', { command: 'no-such-command-of-mcpreach' }, { certainty: 'proved', failedAt: 'process' }));
  test('is misspelt', () => fails('command-not-found', { command: 'nodee' }, { says: /"value":"node"/ }));
  test('is a whole line', () => fails('command-not-found', { command: 'node server.js --stdio' }, { says: /args/ }));
  test('begins with a tilde', () => fails('command-not-found', { command: '~/bin/server' }, { says: /full path/ }));
  test('is a file that is not there', () => fails('command-not-found', { command: join(folder, 'nope') }));
  test('is a link to nowhere', () => {
    symlinkSync(join(folder, 'gone'), join(folder, 'dangling'));
    return fails('command-not-found', { command: join(folder, 'dangling') }, { says: /link/ });
  });
  test('has no interpreter', () =>
    fails('command-not-found', { command: file('lonely', '#!/usr/bin/env no-such-interpreter\n') }, { says: /no-such-interpreter/ }));
  test('names an interpreter by a wrong path', () =>
    fails('command-not-found', { command: file('lonely2', '#!/opt/no/python\n') }, { says: /\/opt\/no\/python/ }));
  test('has Windows line ends', () =>
    fails('command-not-found', { command: file('crlf', '#!/usr/bin/env node\r\nconsole.log(1)\r\n') }, { says: /carriage return/ }));
  test('calls something that is missing', () =>
    fails('command-not-found', { command: file('calls', '#!/bin/sh\nexec tsx-of-mcpreach server.ts\n') }, { says: /tsx-of-mcpreach/ }));
  test('is not executable', () =>
    fails('permission-denied', { command: file('plain', '#!/bin/sh\n', 0o644) }, { certainty: 'proved', says: /chmod \+x/ }));
  test('is a folder', () => fails('permission-denied', { command: folder }, { says: /folder/ }));
  test('has no folder to start in', () =>
    fails('cwd-missing', { ...raw('healthy'), cwd: join(folder, 'moved', 'away') }, { certainty: 'proved', says: /moved/ }));
  test('is to start in a file', () => fails('cwd-missing', { ...raw('healthy'), cwd: file('a-file', '') }, { says: /not a folder/ }));
  test('is an address', () => fails('wrong-transport', { command: 'http://localhost:3000/mcp' }, { certainty: 'proved', says: /by url/ }));
});

describe('a PATH that the client does not have', { concurrency: 2, ...posix }, () => {
  const bin = join(folder, 'managed', 'bin');
  const path = [bin, process.env['PATH'] ?? ''].join(delimiter);
  const options = { environment: { ...process.env, PATH: path } };
  const tool = file(join('managed', 'bin', 'rig-tool'), `#!/bin/sh\nexec ${NODE} ${RAW}\n`);
  file(join('managed', 'bin', 'rig-node'), `#!/bin/sh\nexec ${NODE} "$@"\n`);
  const script = file('by-rig-node', `#!/usr/bin/env rig-node\nimport(${JSON.stringify(RAW)});\n`);

  test('hides the command from a graphical client', () =>
    fails('env-path-missing', { command: 'rig-tool', client: GRAPHICAL }, { certainty: 'proved', says: new RegExp(tool) }, options));
  test('hides the interpreter from a graphical client', () =>
    fails('env-path-missing', { command: script, client: GRAPHICAL }, { says: /rig-node.*PATH=|"value":"PATH/ }, options));
  test('is no matter where the entry sets PATH itself', () =>
    works({ command: 'rig-tool', client: GRAPHICAL, env: { PATH: path } }, 5, options).then(() => undefined));
  test('is no matter to a client of the shell', () => works({ command: 'rig-tool' }, 5, options).then(() => undefined));
});

describe('packages', { concurrency: 2, ...posix }, () => {
  async function withRegistry(pace: RegistryPace, run: (env: Record<string, string>) => Promise<unknown>): Promise<void> {
    const home = mkdtempSync(join(folder, 'npm-'));
    const registry = await startRegistry(home, RAW, pace);
    try {
      await run({
        npm_config_registry: registry.url,
        npm_config_cache: join(home, 'cache'),
        npm_config_update_notifier: 'false',
        HOME: home,
      });
    } finally {
      registry.close();
    }
  }
  const npx = (name: string, env: Record<string, string>): StdioInput => ({ command: 'npx', args: ['-y', name], env, cwd: folder });

  test('that the registry does not have', () =>
    withRegistry('healthy', (env) =>
      fails('package-not-found', npx('@rig/no-such-server', env), { certainty: 'proved', says: /@rig\/no-such-server/ }),
    ));
  test('of a version that does not exist', () =>
    withRegistry('healthy', (env) => fails('package-not-found', npx('rig-server@9.9.9', env), { says: /version/ })));
  test('without a command', () =>
    withRegistry('healthy', (env) => fails('package-not-found', npx('rig-library', env), { says: /no command/ })));
  test('fetched and started', () => withRegistry('healthy', (env) => works(npx('rig-server', env), 5)));
  test('still being fetched when the time is up', linux, () =>
    withRegistry('slow', (env) =>
      fails(
        'timeout-slow-start',
        { ...npx('rig-server', env), client: IMPATIENT },
        { certainty: 'likely', says: /npm/ },
        { timeoutMs: 5_000 },
      ),
    ),
  );
  test('from a registry that does not answer', () =>
    withRegistry('mute', (env) => fails('timeout-hang', npx('rig-server', env), {}, { timeoutMs: 4_000 })));
  test('that Python does not have', () =>
    fails('package-not-found', { command: 'python3', args: ['-m', 'mcp_server_of_nobody'] }, { says: /mcp_server_of_nobody/ }));
});

describe('a server that ends', { concurrency: 4 }, () => {
  test('for want of its script', () =>
    fails(
      'crash-on-boot',
      { command: NODE, args: [join(folder, 'no-server.js')] },
      { certainty: 'proved', failedAt: 'process', says: /no-server/ },
    ));
  test('with an exception', () => fails('crash-on-boot', raw('throw'), { says: /options is not iterable/ }));
  test('with an exception, after a warning about something else', () =>
    fails('crash-on-boot', raw('warns-and-throws'), { says: /options is not iterable/ }));
  test('with code 0 and no word', () => fails('crash-on-boot', raw('exit', '0'), { says: /exit code 0/ }));
  test('by a signal', posix, () => fails('crash-on-boot', raw('sigkill'), { says: /SIGKILL/ }));
  test('when its tools are listed', () => fails('crash-on-boot', raw('tools-exit'), { says: /tools\.map/ }));
  test('when its tools are listed, without a word', async () => {
    const target = await look(raw('tools-exit-silently'));
    assert.equal(target.cause, 'crash-on-boot');
    assert.match(target.summary, /exit code 5.*says nothing/);
    assert.doesNotMatch(JSON.stringify(target.findings), /protocolVersion/, 'its answers are no last words');
  });
  test('for want of a variable', () => fails('missing-env', raw('needs-env', 'RIG_API_KEY'), { certainty: 'proved', says: /RIG_API_KEY/ }));
  test('for want of a variable that only the shell has', () =>
    fails(
      'missing-env',
      { ...raw('needs-env', 'RIG_API_URL'), inherits: 'sdk' },
      { says: /your shell/ },
      { environment: { ...process.env, RIG_API_URL: 'x' } },
    ));
  test('over a placeholder', () =>
    fails('missing-env', { ...raw('needs-env', 'RIG_API_KEY'), env: { RIG_API_KEY: '${RIG_API_KEY}' } }, { says: /placeholder/ }));
  test('for want of a variable, in Python', posix, () =>
    fails('missing-env', { command: 'python3', args: ['-c', 'import os; os.environ["RIG_PY_KEY"]'] }, { says: /RIG_PY_KEY/ }),
  );
  test('because its runtime is too old, as it says', () =>
    fails('runtime-too-old', raw('needs-node', '99'), { certainty: 'proved', says: /99/ }));
  test('because its runtime is too old for its package', () => {
    file(join('old', 'package.json'), '{"engines":{"node":">=99"}}', 0o644);
    return fails(
      'runtime-too-old',
      { command: NODE, args: [file(join('old', 'server.js'), 'throw new SyntaxError("x")')] },
      { says: />=99/ },
    );
  });
  test('because its port is taken', () => fails('port-in-use', raw('port-in-use'), { says: /EADDRINUSE/ }));
  test('because its database is down', () => fails('backend-unreachable', raw('backend-exit'), { says: /127\.0\.0\.1:5432/ }));
});

describe('a server that lives and does not serve', { concurrency: 4 }, () => {
  test('never answers', () =>
    fails('timeout-hang', { ...raw('silent'), client: IMPATIENT }, { certainty: 'proved', failedAt: 'mcp' }, { timeoutMs: 2_500 }));
  test('does not read its input', posix, () => fails('timeout-hang', { command: 'sleep', args: ['60'] }, {}, { timeoutMs: 2_500 }));
  test('never lists its tools', () => fails('timeout-hang', raw('tools-silent'), { failedAt: 'tools' }, { timeoutMs: 2_500 }));
  test('waits for its database', () => fails('backend-unreachable', raw('backend-wait'), { failedAt: 'mcp' }, { timeoutMs: 2_500 }));
  test('answers later than the client waits', () =>
    fails('timeout-slow-start', { ...raw('late', '2000'), client: IMPATIENT }, { certainty: 'proved', says: /1 s/ }));
  test('is an HTTP server that speaks MCP', linux, () =>
    fails('wrong-transport', { command: NODE, args: [EVERYTHING, 'streamableHttp'], env: { PORT: '0' } }, { says: /HTTP server/ }),
  );
  test('listens and says nothing', linux, () => fails('wrong-transport', raw('http'), { certainty: 'likely' }, { timeoutMs: 4_000 }));
  test('writes text before its message on the same line', () =>
    fails('stdout-pollution', raw('unterminated'), { certainty: 'proved', says: /same line/ }, { timeoutMs: 2_500 }));
  test('frames messages like a language server', () =>
    fails('stdout-pollution', raw('header'), { says: /Content-Length/ }, { timeoutMs: 2_500 }));
  test('prints messages over several lines', () =>
    fails('stdout-pollution', raw('pretty'), { says: /several lines/ }, { timeoutMs: 2_500 }));
  test('writes a byte order mark', () =>
    fails('stdout-pollution', raw('byte-order-mark'), { says: /byte order mark/ }, { timeoutMs: 2_500 }));
  test('repeats what it is sent', posix, () =>
    fails('stdout-pollution', { command: 'cat' }, { says: /no MCP server/ }, { timeoutMs: 2_500 }),
  );
  test('prints without end', posix, () => fails('stdout-pollution', { command: 'yes' }, { certainty: 'proved', says: /without end/ }));
  test('answers with a revision nobody knows', () => fails('protocol-version', raw('unknown-version'), { says: /2026-03-26/ }));
  test('knows later revisions only', () => fails('protocol-version', raw('modern-future'), { certainty: 'proved', says: /2031-01-01/ }));
  test('asks for a revision and then refuses it for another reason', () => fails('mcp-error', raw('modern-error'), { says: /licence/ }));
  test('refuses the revision', () => fails('protocol-version', raw('refuse-version'), { certainty: 'likely' }));
  test('refuses the handshake', () => fails('mcp-error', raw('initialize-error'), { failedAt: 'mcp', says: /licence/ }));
  test('answers without an id', () => fails('mcp-error', raw('no-id-error')));
  test('answers something else', () => fails('mcp-error', raw('malformed')));
  test('refuses to list its tools', () => fails('mcp-error', raw('tools-error'), { failedAt: 'tools' }));
  test('names its own backend in the tool list', () =>
    fails('backend-unreachable', raw('tools-backend'), { certainty: 'proved', failedAt: 'tools' }));
});

describe('a healthy server', { concurrency: 4 }, () => {
  const official = (kind: string): StdioInput => ({ command: NODE, args: [join(SERVERS, 'official.js'), kind] });
  test('server-everything', () => works({ command: NODE, args: [EVERYTHING, 'stdio'] }, 13).then(() => undefined));
  test('SDK v1', async () => assert.equal((await works(official('v1'), 1)).server?.protocol, '2025-11-25'));
  test('SDK v2, both eras', () => works(official('v2'), 1).then(() => undefined));
  test('SDK v2, without a handshake', async () => assert.equal((await works(official('v2-modern'), 1)).server?.protocol, '2026-07-28'));
  test('of the new era only, in few words', async () => assert.equal((await works(raw('modern-only'), 5)).server?.protocol, '2026-07-28'));
  test('of an old revision', async () => assert.equal((await works(raw('old-version'), 5)).server?.protocol, '2024-11-05'));
  test('without tools', () => works(raw('no-tools'), null).then(() => undefined));
  test('with four pages of tools', () => works(raw('pages'), 20).then(() => undefined));
  test('that asks before it answers', () => works(raw('asks-first'), 5).then(() => undefined));
  test('with a banner on standard error', () => works(raw('stderr-banner'), 5).then(() => undefined));
  test('that floods standard error', () => works(raw('stderr-flood'), 5).then(() => undefined));
  test('with Windows line ends', () => works(raw('crlf'), 5).then(() => undefined));
  test('with a port of its own beside', () => works(raw('sidecar'), 5).then(() => undefined));
  test('that gets its variables', () =>
    works({ ...raw('needs-env', 'RIG_API_KEY'), env: { RIG_API_KEY: 'value' } }, 5).then(() => undefined));
  test('slow, but within what the client waits', () => works(raw('late', '1200'), 5).then(() => undefined));
  test('with a package that asks for a later runtime', () => {
    file(join('asks', 'package.json'), '{"engines":{"node":">=99"},"type":"module"}', 0o644);
    return works({ command: NODE, args: [file(join('asks', 'server.js'), `await import(${JSON.stringify(RAW)});`)] }, 5).then(
      () => undefined,
    );
  });
  for (const environment of ['python-1', 'python-2']) {
    const python = join(ROOT, '.lab', environment, 'bin', 'python');
    test(`FastMCP of ${environment}`, { skip: existsSync(python) ? false : `no ${environment}` }, () =>
      works({ command: python, args: [join(ROOT, 'test', 'lab', 'servers', 'fastmcp.py'), 'stdio', '0'] }, 1).then(() => undefined),
    );
  }

  test('with a line of its own on standard output is a warning', async () => {
    const target = await look(raw('banner'));
    assert.deepEqual([target.status, target.cause, target.findings[0]?.cause], ['warning', null, 'stdout-pollution']);
  });
  test('with a line of 64 MB is a warning, in bounded memory', async () => {
    const before = process.memoryUsage().rss;
    const target = await look(raw('long-line'));
    assert.deepEqual([target.status, target.findings[0]?.cause], ['warning', 'stdout-pollution']);
    assert.ok(process.memoryUsage().rss - before < 150 * 1024 * 1024);
  });
});

test('secrets of a command line and its variables are shown nowhere', async () => {
  const secret = 'hunter2-hunter2';
  const script = `console.error('got', process.env.RIG_SECRET, process.argv.join(' ')); process.exit(1)`;
  const target = await look({
    command: NODE,
    args: ['-e', script, '--', '--api-key', secret, `--url=postgres://me:${secret}@db/x`],
    env: { RIG_SECRET: `${secret}-3` },
  });
  const text = JSON.stringify(target);
  assert.equal(target.cause, 'crash-on-boot');
  assert.ok(!text.includes(secret), text);
  assert.match(text, /--api-key \*\*\*/);
});

describe('nothing is left behind', linux, () => {
  test('of a server with a daemon that leaves its group and ignores SIGTERM', async () => {
    await look(raw('daemon'));
    await look(raw('ignore-sigterm'));
    assert.deepEqual(marked(MARK), []);
  });

  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT'] as const) {
    test(`when the doctor gets ${signal}`, async () => {
      const mark = `${MARK}_${signal}`;
      const cli = join(SERVERS, '..', '..', '..', 'src', 'cli', 'main.js');
      const doctor = spawn(NODE, [cli, 'doctor', '--', NODE, RAW, 'silent'], { env: { ...process.env, [mark]: '1' }, stdio: 'ignore' });
      const exit = new Promise<number | null>((resolve) => doctor.once('exit', resolve));
      for (let tries = 0; tries < 200 && marked(mark).length < 2; tries++) await sleep(25);
      assert.equal(marked(mark).length, 2, 'doctor and server run');
      doctor.kill(signal);
      assert.equal(await exit, 128 + { SIGTERM: 15, SIGHUP: 1, SIGINT: 2 }[signal]);
      assert.deepEqual(marked(mark), []);
    });
  }

  test('of everything that these tests started', () => assert.deepEqual(marked(MARK), []));
});

/** Processes, zombies aside, whose environment holds the variable. */
function marked(name: string): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return false;
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8')
        .split('\0')
        .some((entry) => entry.startsWith(`${name}=`));
    } catch {
      return false;
    }
  });
}

/** The doctor over the configs of a whole home: real files of many clients, real servers, real processes. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Report, ReportTarget } from '../../src/model/report.ts';
import { type Ended, start } from './program.ts';
import { refusedUrl, serveMcp, type Served } from './servers.ts';

/** A stdio server in a few lines; says in a file that it was started. */
const STDIO = `
import { appendFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
if (process.env.STARTS) appendFileSync(process.env.STARTS, 'x');
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) return;
  const say = (body) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, ...body }) + '\\n');
  if (method === 'initialize') say({ result: { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'small', version: '1' } } });
  else if (method === 'tools/list') say({ result: { tools: [{ name: 'one', inputSchema: { type: 'object' } }] } });
  else say({ error: { code: -32601, message: 'Method not found' } });
});`;

const SECRETS = ['hunter2-env-value', 'hunter2-header-value', 'hunter2-flag-value', 'hunter2-query-value'];

let home: string;
let project: string;
let good: Served;
let refused: string;
let server: string;
let starts: string;

async function put(path: string, text: string): Promise<void> {
  const file = join(home, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Runs the program with this home in the project's folder. */
function run(args: readonly string[], variables: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const clean = { CLAUDE_CONFIG_DIR: '', CODEX_HOME: '', XDG_CONFIG_HOME: '', XDG_STATE_HOME: '', APPDATA: '' };
  return start(args, { ...clean, HOME: home, USERPROFILE: home, ...variables }, project).ended;
}

async function report(args: readonly string[], variables: Readonly<Record<string, string>> = {}): Promise<Report> {
  const { stdout, stderr } = await run(['doctor', ...args, '--json', '--patience', '0'], variables);
  const document = JSON.parse(stdout) as Report;
  assert.equal(document.schema, 'mcpreach.report/1', stdout + stderr);
  return document;
}

function find({ targets }: Report, client: string, name: string): ReportTarget {
  const found = targets.filter((target) => target.client === client && target.name === name);
  const [first] = found;
  assert.ok(
    first !== undefined && found.length === 1,
    `${client}:${name} is there ${found.length} times among ${targets.map((one) => `${one.client}:${one.name}`).join(' ')}`,
  );
  return first;
}

before(async () => {
  home = await mkdtemp(join(tmpdir(), 'mcpreach-home-'));
  project = join(home, 'work', 'app');
  await mkdir(project, { recursive: true });
  good = await serveMcp();
  refused = await refusedUrl();
  server = join(home, 'server.mjs');
  starts = join(home, 'starts');
  await writeFile(server, STDIO);
  const node = process.execPath;
  const env = { STARTS: starts };

  await put('.claude.json', json({ mcpServers: { docs: { type: 'http', url: good.url }, typeless: { url: good.url } } }));
  await put(
    '.config/Claude/claude_desktop_config.json',
    `{\n  "mcpServers": {\n    "local": { "command": "${node}", "args": ["${server}"] },\n  }\n}\n`,
  );
  await put('.cursor/mcp.json', json({ mcpServers: { docs: { url: good.url }, counted: { command: node, args: [server], env } } }));
  await put(
    '.config/Code/User/mcp.json',
    `{\n  // lenient\n  "servers": { "docs": { "type": "http", "url": "${good.url}" }, "old": { "type": "sse", "url": "${good.url}" }, },\n}\n`,
  );
  await put('.codex/config.toml', `[mcp_servers.docs]\nurl = "${good.url}"\n\n[mcp_servers.off]\ncommand = "nowhere"\nenabled = false\n`);
  await put(
    '.config/goose/config.yaml',
    `extensions:\n  docs:\n    type: streamable_http\n    name: docs\n    enabled: true\n    uri: ${good.url}\n    timeout: 300\n`,
  );
  await put(
    '.config/zed/settings.json',
    `{\n  // lenient\n  "context_servers": { "missing": { "command": "no-such-command-here", "args": [], }, },\n}\n`,
  );
  await put(
    '.config/opencode/opencode.json',
    json({ mcp: { docs: { type: 'remote', url: good.url }, gone: { type: 'remote', url: refused } } }),
  );
  await put(
    '.gemini/settings.json',
    json({
      mcpServers: {
        docs: { httpUrl: good.url },
        secretive: {
          httpUrl: `${good.url}?code=${SECRETS[3]}`,
          headers: { 'X-Api-Key': SECRETS[1] },
        },
        quiet: {
          command: node,
          args: ['-e', 'console.error(process.env.PLAIN, process.argv.at(-1)); process.exit(3)', '--token', SECRETS[2]],
          env: { PLAIN: SECRETS[0] },
        },
      },
    }),
  );
  await put(
    'work/app/.mcp.json',
    json({ mcpServers: { inside: { command: node, args: [server], env: { STARTS: join(home, 'inside') } } } }),
  );
});

after(async () => {
  await good.close();
  await rm(home, { recursive: true, force: true });
});

describe('doctor over configs', () => {
  test('every client gets the right verdict, and what is the same is started once', async () => {
    const seen = await report([]);
    for (const client of ['claude-code', 'cursor', 'vscode', 'codex', 'goose', 'opencode', 'gemini-cli']) {
      const { status, findings } = find(seen, client, 'docs');
      assert.notEqual(status, 'failed', `${client}: ${JSON.stringify(findings)}`);
    }
    assert.equal(find(seen, 'claude-code', 'typeless').cause, 'config-bad-entry');
    const desktop = find(seen, 'claude-desktop', 'local');
    assert.deepEqual([desktop.status, desktop.cause, desktop.source?.line], ['failed', 'config-syntax', 3]);
    const [mend] = desktop.findings[0]?.remedies ?? [];
    assert.equal(mend?.automatic, true);
    assert.match(mend?.diff ?? '', /^-.*},$/m);
    assert.equal(find(seen, 'vscode', 'old').status, 'failed');
    assert.equal(find(seen, 'codex', 'off').status, 'skipped');
    assert.equal(find(seen, 'codex', 'off').findings[0]?.cause, 'switched-off');
    assert.equal(find(seen, 'zed', 'missing').cause, 'command-not-found');
    // Other MCP servers of the machine the test runs on may be taken for the missing one.
    assert.match(find(seen, 'opencode', 'gone').cause ?? '', /^(?:server-not-running|wrong-port)$/);
    assert.equal(find(seen, 'cursor', 'counted').server?.name, 'small');
    assert.equal(await readFile(starts, 'utf8'), 'x');
    for (const { path } of seen.targets) assert.equal(path[0]?.layer, 'config');
  });

  test('a command of the project is started only with consent', async () => {
    const marker = join(home, 'inside');
    const without = find(await report(['claude-code:inside']), 'claude-code', 'inside');
    assert.deepEqual([without.status, without.findings[0]?.cause], ['skipped', 'config-needs-approval']);
    await assert.rejects(readFile(marker));
    const named = await report(['.mcp.json#inside']);
    assert.equal(named.targets[0]?.status, 'skipped');
    const idle = find(await report(['claude-code:inside', '--yes', '--no-spawn']), 'claude-code', 'inside');
    assert.equal(idle.findings[0]?.cause, 'not-started');
    await assert.rejects(readFile(marker));
    const agreed = find(await report(['claude-code:inside', '--yes']), 'claude-code', 'inside');
    assert.equal(agreed.server?.name, 'small');
    assert.equal(await readFile(marker, 'utf8'), 'x');
  });

  test('the same server in several clients is started once', async () => {
    await rm(starts, { force: true });
    const entry = { mcpServers: { counted: { command: process.execPath, args: [server], env: { STARTS: starts }, cwd: home } } };
    await put('.cline-like.json', json(entry));
    await put('other.json', json(entry));
    const seen = await report([join(home, '.cline-like.json'), join(home, 'other.json')]);
    assert.equal(seen.targets.length, 2);
    assert.ok(
      seen.targets.every(({ server: found }) => found?.name === 'small'),
      JSON.stringify(seen.targets),
    );
    assert.equal(await readFile(starts, 'utf8'), 'x');
  });

  test('a variable that is not set is the reason, not the refusal that follows', async () => {
    let asked = 0;
    const guard = createServer((request, response) => {
      asked += request.headers.authorization === 'Bearer right-token-here' ? 0 : 1;
      response.writeHead(401, { 'www-authenticate': 'Bearer' }).end();
    }).listen(0, '127.0.0.1');
    await once(guard, 'listening');
    const { port } = guard.address() as AddressInfo;
    try {
      const entry = { type: 'http', url: `http://127.0.0.1:${port}/mcp`, headers: { Authorization: 'Bearer ${MCPREACH_E2E_TOKEN}' } };
      await put('vars.json', json({ mcpServers: { guarded: entry } }));
      const unset = (await report([join(home, 'vars.json')])).targets[0];
      assert.equal(unset?.cause, 'config-unset-variable');
      assert.deepEqual(unset.findings.filter(({ hiddenBy, severity }) => severity === 'error' && hiddenBy === null).length, 1);
      assert.equal(unset.path.find(({ layer }) => layer === 'http')?.status, 'skipped');
      assert.ok(asked > 0);
      const set = (await report([join(home, 'vars.json')], { MCPREACH_E2E_TOKEN: 'wrong-token-here' })).targets[0];
      assert.equal(set?.cause, 'auth-rejected');
      assert.ok(!JSON.stringify(set).includes('wrong-token-here'));
    } finally {
      guard.close();
    }
  });

  test('an address of several clients is asked once', async () => {
    const asked: string[] = [];
    const counting = createServer((request, response) => {
      asked.push(request.method ?? '');
      response.writeHead(401, { 'www-authenticate': 'Bearer' }).end();
    }).listen(0, '127.0.0.1');
    await once(counting, 'listening');
    const url = `http://127.0.0.1:${(counting.address() as AddressInfo).port}/mcp`;
    try {
      for (const name of ['one', 'two', 'three']) await put(`${name}.json`, json({ mcpServers: { [name]: { type: 'http', url } } }));
      await report([join(home, 'one.json')]);
      const once = asked.splice(0).length;
      const { targets } = await report(['one', 'two', 'three'].map((name) => join(home, `${name}.json`)));
      assert.deepEqual(
        targets.map(({ name, cause }) => [name, cause]),
        ['one', 'two', 'three'].map((name) => [name, 'auth-required']),
      );
      assert.equal(asked.length, once);
    } finally {
      counting.close();
    }
  });

  test('the way of an entry begins with its config, in text too', async () => {
    const { stdout } = await run(['doctor', 'cursor:docs']);
    assert.match(stdout, /^cursor:docs {2}http.*\n {2}\S config +~\/\.cursor\/mcp\.json:3\n {2}\S tcp/m);
    assert.equal(stdout.match(/ tcp /g)?.length, 1);
  });

  test('names, clients and files can be asked for', async () => {
    const names = async (...words: string[]) =>
      (await report([...words, '--no-spawn'])).targets.map(({ client, name }) => `${client}:${name}`);
    assert.deepEqual(await names('gone'), ['opencode:gone']);
    assert.deepEqual(await names('cursor:'), ['cursor:docs', 'cursor:counted']);
    assert.deepEqual(await names('--client', 'zed'), ['zed:missing']);
    assert.deepEqual(await names('--config', join(home, '.codex', 'config.toml')), ['codex:docs', 'codex:off']);
    assert.deepEqual(await names(`${join(home, '.config', 'Code', 'User', 'mcp.json')}#old`), ['vscode:old']);
    for (const [word, hint] of [
      ['gonne', /gone/],
      ['cursr:docs', /cursor/],
      ['cursor:dosc', /docs/],
    ] as const) {
      const { code, stdout } = await run(['doctor', word, '--json']);
      assert.equal(code, 2);
      assert.match(stdout, hint);
    }
  });

  test('no secret is shown in any form', async () => {
    for (const format of ['text', 'json', 'markdown', 'github']) {
      const { stdout, stderr } = await run(['gemini-cli:', '--format', format, '--verbose', '--patience', '0']);
      assert.match(stdout, /quiet/);
      for (const secret of SECRETS) assert.ok(!(stdout + stderr).includes(secret), `${format} shows ${secret}:\n${stdout}`);
    }
  });

  test('a value that says no more than the name of its server leaves the report readable', async () => {
    const file = join(home, 'named.json');
    await writeFile(file, json({ mcpServers: { weather: { command: process.execPath, args: [server], env: { SERVICE: 'weather' } } } }));
    const [target] = (await report(['--config', file])).targets;
    assert.equal(target?.name, 'weather');
  });

  test('a file without any readable server is one target', async () => {
    await put('broken.json', '{ "mcpServers": [1, 2');
    const { targets } = await report([join(home, 'broken.json')]);
    assert.deepEqual(
      targets.map(({ name, transport, status, cause }) => [name, transport, status, cause]),
      [['~/broken.json', null, 'failed', 'config-syntax']],
    );
  });

  test("what stands in a server's place and is none is a target as well", async () => {
    await put('odd.json', json({ mcpServers: { good: { type: 'http', url: good.url }, odd: 5 } }));
    const { targets } = await report([join(home, 'odd.json')]);
    assert.deepEqual(
      targets.map(({ name, transport, cause }) => [name, transport, cause]),
      [
        ['good', 'http', null],
        ['odd', null, 'config-bad-entry'],
      ],
    );
  });

  test('without any config it says where it looked', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'mcpreach-empty-'));
    try {
      const { code, stdout, stderr } = await start(
        ['--json'],
        { HOME: empty, USERPROFILE: empty, XDG_CONFIG_HOME: '', CLAUDE_CONFIG_DIR: '', CODEX_HOME: '' },
        empty,
      ).ended;
      assert.equal(code, 0);
      assert.deepEqual((JSON.parse(stdout) as Report).targets, []);
      assert.match(stderr, /\.cursor/);
    } finally {
      await rm(empty, { recursive: true });
    }
  });

  test('a file that may not be read is told', { skip: process.getuid?.() === 0 || process.platform === 'win32' }, async () => {
    await put('.cursor/mcp.json', '{}');
    await chmod(join(home, '.cursor', 'mcp.json'), 0);
    const { targets } = await report(['cursor:']);
    assert.equal(targets[0]?.cause, 'config-syntax');
  });
});

import assert from 'node:assert/strict';
import { access, chmod, cp, lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { createDemoHandler } from '../../src/commands/demo/mcp-server.ts';
import { parseDocument } from '../../src/documents/parse.ts';
import type { DocumentFormat } from '../../src/model/document.ts';
import type { Report, ReportFix } from '../../src/model/report.ts';
import { mcpreach, start } from './program.ts';
import { type Served, serveMcp } from './servers.ts';

const SECRET = 'hunter22-s3cret-of-the-shop';

let folder: string;
let shop: Served;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mcpreach-e2e-fix-'));
  shop = await serveMcp('shop');
});

after(async () => {
  await shop.close();
  await rm(folder, { recursive: true });
});

interface Home {
  readonly path: string;
  run(...args: string[]): ReturnType<typeof mcpreach>;
  begin(...args: string[]): ReturnType<typeof start>;
  read(file: string): Promise<string>;
}

let homes = 0;

async function homeWith(files: Readonly<Record<string, string>>, variables: Readonly<Record<string, string>> = {}): Promise<Home> {
  homes += 1;
  const path = join(folder, `home-${homes}`);
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), text);
  }
  const environment = {
    HOME: path,
    XDG_CONFIG_HOME: join(path, '.config'),
    XDG_STATE_HOME: join(path, 'state'),
    SHOP_TOKEN: SECRET,
    CODEX_HOME: '',
    CLAUDE_CONFIG_DIR: '',
    CLINE_MCP_SETTINGS_PATH: '',
    CLINE_DATA_DIR: '',
    CLINE_DIR: '',
    ...variables,
  };
  return {
    path,
    run: (...args) => mcpreach(['fix', '--patience', '0', ...args], environment),
    begin: (...args) => start(['fix', '--patience', '0', ...args], environment),
    read: (file) => readFile(join(path, file), 'utf8'),
  };
}

interface Case {
  readonly client: string;
  readonly file: string;
  readonly format: DocumentFormat;
  /** Where the server's entry and in it the address is. */
  readonly path: readonly string[];
  readonly url: string;
  readonly broken: (url: string) => string;
  /** What the file is to be afterwards, byte for byte. */
  readonly mended: (url: string) => string;
}

const vscode = (url: string) =>
  `\uFEFF// my servers\r\n{\r\n\t"inputs": [],\r\n\t"servers": {\r\n\t\t// the shop, see https://example.com/?a=b\r\n\t\t"shop": { "url": "${url}", "type": "http", "headers": { "X-Key": "${SECRET}" } }, // last\r\n\t},\r\n}`;
const codex = (url: string) =>
  `# codex\nmodel = 'x'\n\n[mcp_servers.shop] # the shop\nurl   =   "${url}"   # here\nhttp_headers = { "X-Key" = "${SECRET}" }\n\n[profiles.a]\nmodel = "y"\n`;
const goose = (url: string) =>
  `# goose\nGOOSE_MODEL: x\nextensions:\n    shop:   # the shop\n        enabled: true\n        type: streamable_http\n        name: shop\n        uri: '${url}'  # here\n        headers: { X-Key: ${SECRET} }\nother: [1,  2]\n`;

const CASES: readonly Case[] = [
  {
    client: 'vscode',
    file: process.platform === 'darwin' ? 'Library/Application Support/Code/User/mcp.json' : '.config/Code/User/mcp.json',
    format: 'jsonc',
    path: ['servers', 'shop'],
    url: 'url',
    broken: (url) => vscode(url.replace('/mcp', '/wrong')),
    mended: vscode,
  },
  {
    client: 'codex',
    file: '.codex/config.toml',
    format: 'toml',
    path: ['mcp_servers', 'shop'],
    url: 'url',
    broken: (url) => codex(url.replace('/mcp', '/wrong')),
    mended: codex,
  },
  {
    client: 'codex',
    file: '.codex/config.toml',
    format: 'toml',
    path: ['mcp_servers', 'shop'],
    url: 'url',
    broken: (url) => codex(url.replace('http:', 'https:')),
    mended: codex,
  },
  {
    client: 'goose',
    file: '.config/goose/config.yaml',
    format: 'yaml',
    path: ['extensions', 'shop'],
    url: 'uri',
    broken: (url) => goose(url.replace('/mcp', '/wrong')),
    mended: goose,
  },
  {
    client: 'goose',
    file: '.config/goose/config.yaml',
    format: 'yaml',
    path: ['extensions', 'shop'],
    url: 'uri',
    broken: (url) => goose(url).replace('uri:', 'url:').replace('streamable_http', 'http'),
    mended: goose,
  },
  {
    client: 'claude-code',
    file: '.claude.json',
    format: 'json',
    path: ['mcpServers', 'shop'],
    url: 'url',
    broken: (url) =>
      `{\n  "numStartups": 3,\n  "mcpServers": {\n    "shop": {"type":"streamable","url":"${url}","headers":{"X-Key":"${SECRET}"}, },\n  },\n  "z": 1\n}`,
    mended: (url) =>
      `{\n  "numStartups": 3,\n  "mcpServers": {\n    "shop": {"type":"http","url":"${url}","headers":{"X-Key":"${SECRET}"} }\n  },\n  "z": 1\n}`,
  },
  {
    client: 'cline',
    file: '.cline/data/settings/cline_mcp_settings.json',
    format: 'json',
    path: ['mcpServers', 'shop'],
    url: 'url',
    broken: (url) => `{"servers": {"shop": {"url": "${url.replace('/mcp', '/wrong')}", "type": "http"}}}\n`,
    mended: (url) => `{"mcpServers": {"shop": {"url": "${url}", "type": "streamableHttp"}}}\n`,
  },
  {
    client: 'claude-code',
    file: '.claude.json',
    format: 'json',
    path: ['mcpServers', 'shop'],
    url: 'url',
    broken: (url) =>
      `{"mcpServers": {"shop": {"type": "http", "url": "${url}", "headers": {"Authorization": "Bearer ${'$'}{env:SHOP_TOKEN}"}}}}\n`,
    mended: (url) =>
      `{"mcpServers": {"shop": {"type": "http", "url": "${url}", "headers": {"Authorization": "Bearer ${'$'}{SHOP_TOKEN}"}}}}\n`,
  },
  {
    client: 'codex',
    file: '.codex/config.toml',
    format: 'toml',
    path: ['mcp_servers', 'shop'],
    url: 'url',
    broken: (url) => `[mcp_servers.shop]\nurl = "${url}"\nstartup_timeout_sec = 30_000 # half a minute\n`,
    mended: (url) => `[mcp_servers.shop]\nurl = "${url}"\nstartup_timeout_sec = 30 # half a minute\n`,
  },
];

/** The addresses that a client would use, as the repaired file says. */
async function connects(url: string): Promise<number> {
  const client = new Client({ name: 'e2e', version: '1.0.0' });
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  try {
    return (await client.listTools()).tools.length;
  } finally {
    await client.close();
  }
}

function fixesOf(stdout: string): readonly ReportFix[] {
  return (JSON.parse(stdout) as Report).targets.flatMap(({ fixes = [] }) => fixes);
}

for (const [index, { client, file, format, path, url: field, broken, mended }] of CASES.entries()) {
  test(`${client} (${format}, ${index}): only the edited values change, the SDK's client connects, undo restores`, async () => {
    const home = await homeWith({ [file]: broken(shop.url) });
    await chmod(join(home.path, file), 0o640);

    const dry = await home.run(`${client}:`, '--dry-run');
    assert.match(dry.stdout, /^\+ *\S/m);
    assert.equal(await home.read(file), broken(shop.url));
    await assert.rejects(access(join(home.path, 'state')), 'a dry run leaves nothing');

    const asked = await home.run(`${client}:`);
    assert.match(asked.stderr, /nothing was written/);
    assert.notEqual(asked.code, 2);
    assert.equal(await home.read(file), broken(shop.url));

    const { code, stdout, stderr } = await home.run(`${client}:`, '--yes', '--json');
    assert.equal(code, 0, stdout + stderr);
    assert.equal(await home.read(file), mended(shop.url));
    assert.equal((await stat(join(home.path, file))).mode & 0o777, 0o640);
    const fixes = fixesOf(stdout);
    assert.ok(
      fixes.length > 0 &&
        fixes.every(
          ({ applied, verified, rolledBack, error, backup }) => applied && verified && !rolledBack && error === null && backup !== null,
        ),
      stdout,
    );

    const entry = path.reduce<unknown>(
      (value, key) => (value as Record<string, unknown>)[key],
      parseDocument(await home.read(file), format).value,
    );
    assert.ok((await connects((entry as Record<string, string>)[field] ?? '')) > 0);

    const listed = await home.run('--list');
    assert.equal(listed.stdout.trim().split('\n').length, 1);
    const undone = await home.run('--undo');
    assert.match(undone.stdout, /^Restored /);
    assert.equal(await home.read(file), broken(shop.url));
    for (const shown of [dry, asked, { stdout, stderr }, listed, undone])
      assert.ok(!`${shown.stdout}${shown.stderr}`.includes(SECRET), 'no secret is shown');
  });
}

test('the port at which the server of that name answers', async () => {
  // Other tests have servers on this machine, too.
  const name = `crane-${process.pid}`;
  const text = (url: string) => codex(url).replace('mcp_servers.shop', `mcp_servers.${name}`);
  const crane = await serveMcp(name);
  try {
    const gone = await serveMcp('gone');
    await gone.close();
    const home = await homeWith({ '.codex/config.toml': text(gone.url) });
    const { code, stdout } = await home.run(`codex:${name}`, '--yes', '--json');
    assert.equal(await home.read('.codex/config.toml'), text(crane.url), stdout);
    assert.equal(code, 0, stdout);
  } finally {
    await crane.close();
  }
});

test('a PATH in which the interpreter of a script is found', async () => {
  const bin = join(folder, 'interpreters');
  const script = join(folder, 'server-script');
  const server = fileURLToPath(import.meta.resolve('@modelcontextprotocol/server-everything/dist/index.js'));
  await mkdir(bin, { recursive: true });
  await symlink(process.execPath, join(bin, 'node-of-mine'));
  await writeFile(script, `#!/usr/bin/env node-of-mine\nimport(${JSON.stringify(server)});\n`, { mode: 0o755 });
  const home = await homeWith(
    { '.cursor/mcp.json': `{\n\t"mcpServers": {\n\t\t"all": { "command": "${script}" }\n\t}\n}\n` },
    { PATH: `${bin}:${process.env['PATH'] ?? ''}` },
  );
  const { code, stdout } = await home.run('cursor:', '--yes', '--json');
  assert.equal(code, 0, stdout);
  assert.match(await home.read('.cursor/mcp.json'), new RegExp(`"env": \\{\\s*"PATH": "${bin}:`), stdout);
});

test('several files at once, one of them a link: all are mended, and what works is left alone', async () => {
  const good = `{ "mcpServers": { "good": { "url": "${shop.url}" } } }`;
  const home = await homeWith({
    '.codex/config.toml': codex(shop.url.replace('/mcp', '/wrong')),
    'dotfiles/goose.yaml': goose(shop.url.replace('/mcp', '/x')),
    '.cursor/mcp.json': good,
  });
  await mkdir(join(home.path, '.config/goose'), { recursive: true });
  await symlink(join(home.path, 'dotfiles/goose.yaml'), join(home.path, '.config/goose/config.yaml'));
  const { code, stdout } = await home.run('--yes');
  assert.equal(code, 0, stdout);
  assert.equal(await home.read('.codex/config.toml'), codex(shop.url));
  assert.equal(await home.read('dotfiles/goose.yaml'), goose(shop.url));
  assert.ok((await lstat(join(home.path, '.config/goose/config.yaml'))).isSymbolicLink());
  assert.equal(await home.read('.cursor/mcp.json'), good);
  assert.match(stdout, /Start a new goose session/);
});

test('a command that only the shell finds is named by its full path', async () => {
  const home = await homeWith(
    { '.cursor/mcp.json': '{ "mcpServers": { "all": { "command": "everything-here", "args": ["stdio"] } } }\n' },
    { PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}` },
  );
  const program = join(folder, 'bin', 'everything-here');
  const server = fileURLToPath(import.meta.resolve('@modelcontextprotocol/server-everything/dist/index.js'));
  await mkdir(dirname(program), { recursive: true });
  await writeFile(program, `#!${process.execPath}\nimport(${JSON.stringify(server)});\n`, { mode: 0o755 });
  const { code, stdout } = await home.run('cursor:', '--yes', '--json');
  assert.equal(
    await home.read('.cursor/mcp.json'),
    `{ "mcpServers": { "all": { "command": "${program}", "args": ["stdio"] } } }\n`,
    stdout,
  );
  assert.equal(code, 0, stdout);
  const client = new Client({ name: 'e2e', version: '1.0.0' });
  await client.connect(new StdioClientTransport({ command: program, args: ['stdio'], stderr: 'ignore' }));
  assert.ok((await client.listTools()).tools.length > 0);
  await client.close();
});

/** An MCP server that can be told to answer otherwise. */
async function serveMoody(answer: (request: IncomingMessage, response: ServerResponse, good: () => void) => void): Promise<Served> {
  const handler = createDemoHandler('moody') as RequestListener;
  const server = createServer((request, response) => answer(request, response, () => handler(request, response)));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve());
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

test('an edit that does not help is taken back, byte for byte, and reported', async () => {
  let home: Home | null = null;
  let text = '';
  const server = await serveMoody((request, response, good) => {
    // Well until the file names this address.
    void home?.read('.codex/config.toml').then((now) => {
      if (now === text || request.url !== '/mcp') good();
      else response.writeHead(404).end();
    });
  });
  try {
    text = codex(server.url.replace('/mcp', '/wrong'));
    home = await homeWith({ '.codex/config.toml': text });
    const { code, stdout } = await home.run('codex:', '--yes', '--json');
    assert.equal(code, 1);
    assert.equal(await home.read('.codex/config.toml'), text);
    const [first] = fixesOf(stdout);
    assert.deepEqual([first?.applied, first?.verified, first?.rolledBack], [true, false, true], stdout);
    assert.match(first?.error ?? '', /taken back/);
    assert.deepEqual(await readdir(join(home.path, 'state/mcpreach/backups')), []);
  } finally {
    await server.close();
  }
});

test('a file that somebody else writes meanwhile is left as they wrote it', async () => {
  let home: Home | null = null;
  let text = '';
  const server = await serveMoody((_, __, good) => {
    // The diagnosis is under way.
    void (home === null ? Promise.resolve() : writeFile(join(home.path, '.codex/config.toml'), `${text}# changed\n`)).then(good);
  });
  try {
    text = codex(server.url.replace('/mcp', '/wrong'));
    home = await homeWith({ '.codex/config.toml': text });
    const { code, stdout } = await home.run('codex:', '--yes', '--json');
    assert.equal(code, 1);
    assert.equal(await home.read('.codex/config.toml'), `${text}# changed\n`);
    assert.match(fixesOf(stdout)[0]?.error ?? '', /changed meanwhile/);
  } finally {
    await server.close();
  }
});

test('undo refuses when the file was changed since, and for an id that is none', async () => {
  const text = codex(shop.url.replace('/mcp', '/wrong'));
  const home = await homeWith({ '.codex/config.toml': text });
  await home.run('codex:', '--yes');
  const changed = `${await home.read('.codex/config.toml')}# mine\n`;
  await writeFile(join(home.path, '.codex/config.toml'), changed);
  const { code, stdout } = await home.run('--undo', '--json');
  assert.equal(code, 1);
  assert.match((JSON.parse(stdout) as { error: string }).error, /changed since/);
  assert.equal(await home.read('.codex/config.toml'), changed);
  assert.equal((await home.run('--undo', '../../etc')).code, 2);
  assert.equal((await home.run('--undo', '--list')).code, 2);
  assert.equal((await home.run('http://localhost:1/mcp')).code, 2);
});

test('a copy of a home with nothing wrong stays as it is', async () => {
  const home = await homeWith({ '.codex/config.toml': codex(shop.url), '.config/goose/config.yaml': goose(shop.url) });
  const kept = join(folder, 'kept');
  await cp(home.path, kept, { recursive: true });
  const { code } = await home.run('--yes');
  assert.equal(code, 0);
  for (const file of ['.codex/config.toml', '.config/goose/config.yaml'])
    assert.equal(await home.read(file), await readFile(join(kept, file), 'utf8'));
});

const KILLS = 50;
/** Side by side, each with a home of its own. */
const LANES = 4;

for (const round of ['first', 'second', 'third', 'fourth']) {
  const what = 'killed at any moment, the file is whole: the old one or the new one, and the old one can be had back';
  test(`${what} (the ${round} ${KILLS} times)`, killMany);
}

async function killMany(): Promise<void> {
  const [broken, mended] = [codex(shop.url.replace('/mcp', '/wrong')), codex(shop.url)];
  const seed = Date.now() % 1_000_000;
  console.log(`kills by seed ${seed}`);
  const seen = { old: 0, new: 0 };
  const lane = async (number: number): Promise<void> => {
    const home = await homeWith({ '.codex/config.toml': broken });
    let whole = (await home.run('codex:', '--yes')).ms;
    await home.run('--undo');
    for (let kill = 0; kill < KILLS / LANES; kill += 1) {
      // The golden ratio spreads the moments evenly over the second half of a run, in which it diagnoses, writes and tries again.
      const moment = ((seed + number * 0.25 + kill) * 0.618034) % 1;
      const running = home.begin('codex:', '--yes');
      await sleep(whole * (0.4 + 0.6 * moment));
      running.child.kill('SIGKILL');
      await running.ended;
      const left = await home.read('.codex/config.toml');
      assert.ok(left === broken || left === mended, `kill ${kill} of lane ${number}, seed ${seed}: ${left}`);
      seen[left === broken ? 'old' : 'new'] += 1;
      // A machine that others use as well is now slower, now faster than it was at first.
      if (left === broken && moment > 0.8) whole *= 1.15;
      if (left === mended && moment < 0.2) whole *= 0.9;
      if (left === broken) continue;
      if (kill % 4 > 0) {
        await writeFile(join(home.path, '.codex/config.toml'), broken);
        continue;
      }
      await home.run('--undo');
      assert.equal(await home.read('.codex/config.toml'), broken, `undo after kill ${kill} of lane ${number}, seed ${seed}`);
    }
    assert.equal((await home.run('codex:', '--yes')).code, 0, "what the killed ones left behind is in nobody's way");
    assert.equal(await home.read('.codex/config.toml'), mended);
  };
  await Promise.all(Array.from({ length: LANES }, (_, number) => lane(number)));
  assert.ok(seen.old > 0 && seen.new > 0, `the kills came too early or too late: ${JSON.stringify(seen)}`);
}

/** A home with 200 servers of 12 clients: every verdict, how long it takes, how much it needs, and what `fix` makes of it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { createDemoHandler } from '../../src/commands/demo/mcp-server.ts';
import { parseDocument } from '../../src/documents/parse.ts';
import type { DocumentFormat } from '../../src/model/document.ts';
import type { Report } from '../../src/model/report.ts';
import { mcpreach, start } from './program.ts';
import { refusedUrl, type Served } from './servers.ts';

/** How late the slowest server answers each request. */
const SLOW_MS = 2500;
const SERVERS = 200;

/** A stdio server in a few lines. */
const STDIO = `
import { createInterface } from 'node:readline';
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) return;
  const say = (body) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, ...body }) + '\\n');
  if (method === 'initialize') say({ result: { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'small', version: '1' } } });
  else if (method === 'tools/list') say({ result: { tools: [{ name: 'one', inputSchema: { type: 'object' } }] } });
  else say({ error: { code: -32601, message: 'Method not found' } });
});`;

interface Place {
  readonly client: string;
  readonly file: string;
  readonly format: DocumentFormat;
  readonly key: string;
  /** The field of the address, and what stands beside it. */
  readonly url: string;
  readonly beside?: Readonly<Record<string, string>>;
}

const PLACES: readonly Place[] = [
  { client: 'claude-code', file: '.claude.json', format: 'json', key: 'mcpServers', url: 'url', beside: { type: 'http' } },
  { client: 'cursor', file: '.cursor/mcp.json', format: 'jsonc', key: 'mcpServers', url: 'url' },
  { client: 'vscode', file: '.config/Code/User/mcp.json', format: 'jsonc', key: 'servers', url: 'url', beside: { type: 'http' } },
  { client: 'gemini-cli', file: '.gemini/settings.json', format: 'jsonc', key: 'mcpServers', url: 'httpUrl' },
  { client: 'qwen-code', file: '.qwen/settings.json', format: 'jsonc', key: 'mcpServers', url: 'httpUrl' },
  { client: 'kiro', file: '.kiro/settings/mcp.json', format: 'json', key: 'mcpServers', url: 'url' },
  { client: 'lm-studio', file: '.lmstudio/mcp.json', format: 'json', key: 'mcpServers', url: 'url' },
  { client: 'windsurf', file: '.codeium/windsurf/mcp_config.json', format: 'json', key: 'mcpServers', url: 'serverUrl' },
  { client: 'crush', file: '.config/crush/crush.json', format: 'json', key: 'mcp', url: 'url', beside: { type: 'http' } },
  { client: 'zed', file: '.config/zed/settings.json', format: 'jsonc', key: 'context_servers', url: 'url' },
  { client: 'codex', file: '.codex/config.toml', format: 'toml', key: 'mcp_servers', url: 'url' },
  { client: 'goose', file: '.config/goose/config.yaml', format: 'yaml', key: 'extensions', url: 'uri' },
];

type Entry = Readonly<Record<string, unknown>>;

let folder: string;
let good: Served;
let slow: Served;
let refused: string;
let program: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mcpreach-many-'));
  good = await serve('many', 0);
  slow = await serve('slow', SLOW_MS);
  refused = await refusedUrl();
  program = join(folder, 'server.mjs');
  await writeFile(program, STDIO);
});

after(async () => {
  await Promise.all([good.close(), slow.close()]);
  await rm(folder, { recursive: true });
});

/** An MCP server that thinks before each answer, and minds no query. */
async function serve(name: string, thinksMs: number): Promise<Served> {
  const answer = createDemoHandler(name) as RequestListener;
  const server = createServer((request, response) => {
    request.url = request.url?.replace(/\?.*/, '') ?? '';
    setTimeout(() => answer(request, response), thinksMs);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function remote(place: Place, name: string, url: string): Entry {
  if (place.client === 'goose') return { enabled: true, type: 'streamable_http', name, uri: url, timeout: 30 };
  return { ...place.beside, [place.url]: url };
}

function local(place: Place, name: string): Entry {
  const args = [program, name];
  if (place.client === 'goose') return { enabled: true, type: 'stdio', name, cmd: process.execPath, args, timeout: 30 };
  return { ...(place.client === 'crush' || place.client === 'vscode' ? { type: 'stdio' } : {}), command: process.execPath, args };
}

/** The file's text, with a comment where its format has them. */
function text({ format, key }: Place, entries: Readonly<Record<string, Entry>>): string {
  if (format === 'toml') {
    const tables = Object.entries(entries).map(([name, entry]) =>
      [`[${key}.${name}] # ${name}`, ...Object.entries(entry).map(([field, value]) => `${field} = ${JSON.stringify(value)}`)].join('\n'),
    );
    return `# mine\n${tables.join('\n\n')}\n`;
  }
  const json = JSON.stringify({ [key]: entries }, null, 2);
  if (format === 'json') return `${json}\n`;
  return format === 'yaml' ? `# mine\n${json}\n` : `// mine\n${json}\n`;
}

async function homeWith(files: readonly (readonly [Place, string])[]): Promise<Readonly<Record<string, string>>> {
  const home = await mkdtemp(join(folder, 'home-'));
  for (const [{ file }, content] of files) {
    await mkdir(dirname(join(home, file)), { recursive: true });
    await writeFile(join(home, file), content);
  }
  return {
    HOME: home,
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_STATE_HOME: join(home, 'state'),
    CLAUDE_CONFIG_DIR: '',
    CODEX_HOME: '',
  };
}

/** The largest memory that a process had, in MiB, as long as it lives. */
function peakOf(pid: number | undefined): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

test(`${SERVERS} servers of 12 clients take no longer than three times the slowest one`, {
  skip: process.platform !== 'linux',
}, async () => {
  const perClient = Math.ceil(SERVERS / PLACES.length);
  const files = PLACES.map((place, client) => {
    const entries: Record<string, Entry> = {};
    for (let number = 0; number < perClient; number += 1) {
      const name = `s${client}-${number}`;
      if (number === 0) entries[name] = remote(place, name, client === 0 ? slow.url : refused);
      else if (number === 1) entries[name] = remote(place, name, good.url.replace('/mcp', `/wrong-${client}`));
      else entries[name] = number % 3 === 0 ? local(place, name) : remote(place, name, `${good.url}?n=${name}`);
    }
    return [place, text(place, entries)] as const;
  });
  const variables = await homeWith(files);
  const nothing = await mcpreach(['--version'], variables);
  const alone = await mcpreach(['doctor', slow.url, '--json'], variables);

  const running = start(['doctor', '--json', '--patience', '0'], variables, folder);
  let peak = 0;
  const watch = setInterval(() => (peak = Math.max(peak, peakOf(running.child.pid))), 20);
  const { stdout, stderr, ms } = await running.ended;
  clearInterval(watch);
  const { targets } = JSON.parse(stdout) as Report;
  assert.equal(targets.length, perClient * PLACES.length, stderr);

  const wrong = targets.filter(({ client, name, status, cause }) => {
    const number = Number(/-(\d+)$/.exec(name)?.[1]);
    if (number === 1) return cause !== 'wrong-path';
    if (number === 0 && client !== 'claude-code') return status !== 'failed' || !['server-not-running', 'wrong-port'].includes(cause ?? '');
    return status !== 'ok' && status !== 'warning';
  });
  assert.deepEqual(
    wrong.map(({ client, name, cause, summary }) => `${client}:${name} ${cause}: ${summary}`),
    [],
  );
  assert.ok(ms <= 3 * alone.ms + nothing.ms, `${ms} ms, the slowest alone ${alone.ms} ms`);
  assert.ok(peak > 0 && peak < 250, `${peak} MiB`);
});

test('a home with files of 12 clients is mended, and the SDK connects by what stands in each afterwards', async () => {
  const faults: readonly ((url: string) => string)[] = [
    (url) => url.replace('/mcp', '/wrong'),
    (url) => url.replace('http:', 'https:'),
    (url) => url.replace('127.0.0.1', '[::1]'),
  ];
  const broken = (place: Place, index: number) =>
    text(place, { shop: remote(place, 'shop', faults[index % faults.length]!(good.url)), fine: remote(place, 'fine', good.url) });
  const variables = await homeWith(PLACES.map((place, index) => [place, broken(place, index)] as const));
  const causes = ['wrong-path', 'wrong-scheme', 'ipv6-localhost'];

  const seen = JSON.parse((await start(['--json', '--patience', '0'], variables, folder).ended).stdout) as Report;
  for (const [index, { client }] of PLACES.entries()) {
    const [shop, fine] = ['shop', 'fine'].map((name) => seen.targets.find((one) => one.client === client && one.name === name));
    assert.equal(shop?.cause, causes[index % causes.length], `${client}: ${shop?.summary}`);
    assert.equal(fine?.status === 'failed', false, `${client}: ${fine?.summary}`);
  }

  const fixed = await start(['fix', '--yes', '--patience', '0', '--json'], variables, folder).ended;
  assert.equal(fixed.code, 0, fixed.stdout + fixed.stderr);
  for (const [index, place] of PLACES.entries()) {
    const after = await readFile(join(variables['HOME']!, place.file), 'utf8');
    assert.equal(after, broken(place, index).replace(faults[index % faults.length]!(good.url), good.url), place.client);
    const entries = (parseDocument(after, place.format).value as Record<string, Record<string, Record<string, string>>>)[place.key];
    const client = new Client({ name: 'many', version: '1.0.0' });
    await client.connect(new StreamableHTTPClientTransport(new URL(entries?.['shop']?.[place.url] ?? '')));
    assert.ok((await client.listTools()).tools.length > 0, place.client);
    await client.close();
  }
});

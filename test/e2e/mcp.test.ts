/** `mcpreach mcp`, used as clients use it: started as a child, spoken to over its standard streams. */
import assert from 'node:assert/strict';
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync, watch } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type NodeIncomingMessageLike, toNodeHandler } from '@modelcontextprotocol/node';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import type { Explanation } from '../../src/model/explanation.ts';
import type { Report } from '../../src/model/report.ts';
import { mcpreach } from './program.ts';
import { refusedUrl, serveMcp } from './servers.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));

/** The most that one answer may take, text and structured content together. */
const MOST_BYTES = 25_000;

/** Where the server is started, and with which variables. */
interface Place {
  readonly cwd?: string;
  readonly env?: Record<string, string>;
}

async function withClient(use: (client: Client) => Promise<void>, place: Place = {}): Promise<void> {
  const transport = new StdioClientTransport({ command: process.execPath, args: [MAIN, 'mcp'], stderr: 'pipe', ...place });
  let said = '';
  transport.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const client = new Client({ name: 'e2e', version: '1.0.0' });
  await client.connect(transport);
  try {
    await use(client);
  } finally {
    await client.close();
  }
  assert.equal(said, '');
}

async function call(client: Client, name: string, input: Record<string, unknown>, signal?: AbortSignal): Promise<CallToolResult> {
  return (await client.callTool({ name, arguments: input }, undefined, signal === undefined ? {} : { signal })) as CallToolResult;
}

function textOf({ content }: CallToolResult): string {
  return content.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

/** Accepts connections and requests and never answers; tells when a request has come and when everybody has gone. */
async function serveSilence() {
  const sockets = new Set<Socket>();
  let asked = false;
  let notify = () => undefined as void;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket
      .on('error', () => undefined)
      .on('data', (bytes: Buffer) => {
        // Earlier probes only look at what the port says by itself.
        asked ||= bytes.toString('latin1').startsWith('POST ');
        notify();
      })
      .on('close', () => {
        sockets.delete(socket);
        notify();
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const until = (holds: () => boolean) =>
    new Promise<void>((resolve) => {
      notify = () => {
        if (holds()) resolve();
      };
      notify();
    });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    asked: () => until(() => asked),
    left: () => until(() => sockets.size === 0),
    close: () => server.close(),
  };
}

test('its tools are read-only, with strict inputs', async () => {
  await withClient(async (client) => {
    const { tools } = await client.listTools();
    assert.deepEqual(
      tools.map(({ name }) => name).filter((name) => name !== 'list_servers'),
      ['diagnose', 'explain_error'],
    );
    for (const { name, annotations, inputSchema } of tools) {
      assert.equal(annotations?.readOnlyHint, true, name);
      assert.equal(annotations.destructiveHint, false, name);
      assert.equal(annotations.openWorldHint, name === 'diagnose', name);
      assert.equal(inputSchema['additionalProperties'], false, name);
    }
  });
});

test('diagnose: one server works, one is refused', async () => {
  const server = await serveMcp();
  const refused = await refusedUrl();
  try {
    await withClient(async (client) => {
      const result = await call(client, 'diagnose', { targets: [server.url, refused], patienceMs: 0 });
      assert.notEqual(result.isError, true);
      assert.match(textOf(result), /^2 targets: 1 ok, 1 failed\./);
      const report = result.structuredContent as unknown as Report;
      assert.equal(report.schema, 'mcpreach.report/1');
      assert.deepEqual(
        report.targets.map(({ address, status }) => [address, status]),
        [
          [server.url, 'ok'],
          [refused, 'failed'],
        ],
      );
      assert.ok((report.targets[1]?.findings[0]?.remedies.length ?? 0) > 0);
    });
  } finally {
    await server.close();
  }
});

test('explain_error: a text, a code, and a text that says nothing', async () => {
  await withClient(async (client) => {
    const explanation = async (text: string, os?: string) => {
      const { structuredContent } = await call(client, 'explain_error', { text, ...(os === undefined ? {} : { os }) });
      return structuredContent as unknown as Explanation;
    };
    const refused = await explanation('connect ECONNREFUSED ::1:3000');
    assert.equal(refused.read.host, '::1');
    assert.equal(refused.candidates[0]?.cause, 'ipv6-localhost');
    assert.equal((await explanation('spawn npx ENOENT', 'windows')).candidates[0]?.cause, 'windows-npx-cmd');
    assert.match((await explanation('redirect')).account?.about ?? '', /\w/);
    assert.equal((await explanation('hello')).candidates[0]?.cause, 'unknown');
  });
});

test('wrong input is an error in words, and the server goes on', async () => {
  await withClient(async (client) => {
    for (const [input, words] of [
      [{ targets: ['localhost:3000/mcp'] }, /http:\/\/localhost:3000\/mcp/],
      [{ targets: ['ftp://localhost/mcp'] }, /ftp/],
      [{ targets: [] }, /targets/],
      [{ targets: ['http://localhost:3000/mcp'], command: 'rm' }, /command/],
      [{ targets: ['http://localhost:3000/mcp'], timeoutMs: 10_000_000 }, /timeoutMs/],
    ] as const) {
      const result = await call(client, 'diagnose', input);
      assert.equal(result.isError, true);
      assert.match(textOf(result), words);
    }
    assert.equal((await call(client, 'explain_error', {})).isError, true);
    assert.notEqual((await call(client, 'explain_error', { text: 'hello' })).isError, true);
  });
});

test('an answer stays small, however much there is to tell', async () => {
  const handler = createMcpHandler(() => {
    const server = new McpServer({ name: 'wide'.repeat(10_000), version: '1'.repeat(10_000) });
    for (let index = 0; index < 300; index++) {
      server.registerTool(`tool-${index}`, { description: 'long '.repeat(400) }, () => ({ content: [] }));
    }
    return server;
  });
  const serve = toNodeHandler(handler);
  const wide = createHttpServer(((request, response) => void serve(request as NodeIncomingMessageLike, response)) as RequestListener);
  await new Promise<void>((resolve) => wide.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(wide.address() as AddressInfo).port}/mcp`;
  const refused = await refusedUrl();
  try {
    await withClient(async (client) => {
      const one = await call(client, 'diagnose', { targets: [url] });
      const many = await call(client, 'diagnose', {
        targets: Array.from({ length: 20 }, (_, index) => `${refused}/${index}/${'long'.repeat(400)}`),
        patienceMs: 0,
      });
      for (const result of [one, many]) {
        const bytes = Buffer.byteLength(JSON.stringify(result));
        assert.ok(bytes <= MOST_BYTES, `${bytes} bytes`);
        assert.match(textOf(result), /^\d+ targets?: /);
      }
      assert.equal((one.structuredContent as unknown as Report).targets[0]?.server?.tools, 300);
      assert.equal((many.structuredContent as unknown as { trimmed: boolean }).trimmed, true);
      assert.equal((many.structuredContent as unknown as Report).targets.length, 20);
    });
  } finally {
    wide.close();
    wide.closeAllConnections();
  }
});

test('secrets of addresses and texts are in no answer', async () => {
  const refused = await refusedUrl();
  await withClient(async (client) => {
    const results = await Promise.all([
      call(client, 'diagnose', { targets: [refused.replace('http://', 'http://user:sesame42@')], patienceMs: 0 }),
      call(client, 'diagnose', { targets: [`${refused}?api_key=sesame42`], patienceMs: 0 }),
      call(client, 'diagnose', { targets: ['ftp://user:sesame42@localhost/'] }),
      call(client, 'explain_error', {
        text: 'HTTP 401 at https://user:sesame42@example.test/mcp?token=sesame42 Authorization: Bearer sesame42',
      }),
    ]);
    for (const result of results) assert.doesNotMatch(JSON.stringify(result), /sesame42/);
  });
});

test('a cancelled call lets go of the network, and the server goes on', async () => {
  const silence = await serveSilence();
  try {
    await withClient(async (client) => {
      const cancel = new AbortController();
      const result = call(client, 'diagnose', { targets: [silence.url] }, cancel.signal);
      await silence.asked();
      const before = performance.now();
      cancel.abort();
      await assert.rejects(result);
      await silence.left();
      // Uncancelled it would wait for the answer for at least fifteen seconds.
      assert.ok(performance.now() - before < 5_000);
      assert.notEqual((await call(client, 'explain_error', { text: 'ECONNREFUSED' })).isError, true);
    });
  } finally {
    silence.close();
  }
});

/** Starts the server and opens a connection by hand. */
function startByHand(place: Place = {}): {
  child: ChildProcessWithoutNullStreams;
  ended: Promise<{ code: number | null; lines: readonly string[] }>;
  send(message: object): void;
} {
  const child = spawn(process.execPath, [MAIN, 'mcp'], { stdio: 'pipe', ...place });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  const ended = new Promise<{ code: number | null; lines: readonly string[] }>((resolve) => {
    child.on('close', (code) => resolve({ code, lines: stdout.split('\n').filter((line) => line !== '') }));
  });
  const send = (message: object) => void child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  send({
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'e2e', version: '1.0.0' } },
  });
  send({ method: 'notifications/initialized' });
  return { child, ended, send };
}

for (const [how, end, code] of [
  ['stdin is closed', (child) => void child.stdin.end(), 0],
  ['SIGTERM comes', (child) => void child.kill('SIGTERM'), 143],
] as const satisfies readonly (readonly [string, (child: ChildProcessWithoutNullStreams) => void, number])[]) {
  test(`when ${how} it ends at once, in the middle of a diagnosis`, { skip: process.platform === 'win32' && code !== 0 }, async () => {
    const silence = await serveSilence();
    const { child, ended, send } = startByHand();
    try {
      send({ id: 2, method: 'tools/call', params: { name: 'diagnose', arguments: { targets: [silence.url] } } });
      await silence.asked();
      const before = performance.now();
      end(child);
      const result = await ended;
      const ms = performance.now() - before;
      assert.equal(result.code, code);
      assert.ok(ms < 2_000, `${ms} ms`);
      await silence.left();
    } finally {
      silence.close();
      child.kill('SIGKILL');
    }
  });
}

test('stdout carries nothing but the protocol, whatever comes in', async () => {
  const { child, ended, send } = startByHand();
  child.stdin.write('this is no JSON\n{"jsonrpc":"2.0"\n\n[]\n');
  send({ id: 3, method: 'no/such/method' });
  send({ id: 4, method: 'tools/call', params: { name: 'no-such-tool', arguments: {} } });
  send({ id: 5, method: 'tools/call', params: { name: 'explain_error', arguments: { text: 'hello' } } });
  await new Promise<void>((resolve) => child.stdout.on('data', (text: string) => (text.includes('"id":5') ? resolve() : undefined)));
  child.stdin.end();
  const { code, lines } = await ended;
  assert.equal(code, 0);
  const messages = lines.map((line) => JSON.parse(line) as { jsonrpc: string; id?: number });
  assert.ok(messages.every(({ jsonrpc }) => jsonrpc === '2.0'));
  assert.deepEqual(messages.map(({ id }) => id).sort(), [1, 3, 4, 5]);
});

test('servers of configs: listed and diagnosed by name, secrets masked, a project command never started unasked', async () => {
  const home = await mkdtemp(join(tmpdir(), 'mcpreach-mcp-'));
  const project = join(home, 'work');
  const started = join(home, 'started');
  const good = await serveMcp();
  try {
    await mkdir(join(home, '.cursor'), { recursive: true });
    await mkdir(project);
    const touch = { command: process.execPath, args: ['-e', `require('fs').writeFileSync(${JSON.stringify(started)}, '')`] };
    const cursor = {
      docs: { url: good.url, headers: { Authorization: 'Bearer sesame42-header' } },
      keyed: { url: `${good.url}?api_key=sesame42-query`, disabled: true },
      local: { command: process.execPath, args: ['-e', 'process.exit(3)', '--token', 'sesame42-flag'], env: { API_KEY: 'sesame42-env' } },
    };
    await writeFile(join(home, '.cursor', 'mcp.json'), JSON.stringify({ mcpServers: cursor }));
    await writeFile(join(project, '.mcp.json'), JSON.stringify({ mcpServers: { touch } }));
    await withClient(
      async (client) => {
        const list = await call(client, 'list_servers', {});
        assert.notEqual(list.isError, true);
        const { total, servers } = list.structuredContent as {
          total: number;
          servers: readonly { target: string; transport: string; source: { file: string } }[];
        };
        assert.equal(total, servers.length);
        const names = servers.map(({ target }) => target);
        for (const wanted of ['cursor:docs', 'cursor:keyed', 'cursor:local', 'claude-code:touch'])
          assert.ok(names.includes(wanted), names.join(' '));
        assert.match(textOf(list), /^\d+ servers in the configs/);
        assert.match(textOf(list), /cursor:local {2}stdio {2}.*~\/\.cursor\/mcp\.json:1/);

        const docs = await call(client, 'diagnose', { targets: ['cursor:docs'] });
        assert.equal((docs.structuredContent as unknown as Report).targets[0]?.status, 'ok', textOf(docs));
        const local = await call(client, 'diagnose', { targets: ['local'] });
        assert.equal((local.structuredContent as unknown as Report).targets[0]?.cause, 'crash-on-boot', textOf(local));
        for (const targets of [['touch'], ['.mcp.json'], ['claude-code:']]) {
          const result = await call(client, 'diagnose', { targets });
          const found = (result.structuredContent as unknown as Report).targets.find(({ name }) => name === 'touch');
          assert.equal(found?.status, 'skipped', textOf(result));
          assert.equal(found.findings[0]?.cause, 'config-needs-approval');
        }
        assert.equal(existsSync(started), false);

        const cursorOnly = await call(client, 'list_servers', { client: 'cursor' });
        assert.doesNotMatch(textOf(cursorOnly), /claude-code/);
        const nobody = await call(client, 'list_servers', { client: 'no-such-client' });
        const unknown = await call(client, 'diagnose', { targets: ['dosc'] });
        assert.ok(nobody.isError === true && unknown.isError === true);
        assert.match(textOf(unknown), /docs/);
        for (const result of [list, docs, local, cursorOnly]) assert.doesNotMatch(JSON.stringify(result), /sesame42/);
      },
      { cwd: project, env: { HOME: home, USERPROFILE: home, PATH: process.env['PATH'] ?? '' } },
    );
  } finally {
    await good.close();
    await rm(home, { recursive: true });
  }
});

test('a server that a diagnosis has started is gone with it when stdin is closed', { skip: process.platform === 'win32' }, async () => {
  const home = await mkdtemp(join(tmpdir(), 'mcpreach-mcp-'));
  const pidFile = join(home, 'started', 'pid');
  try {
    await mkdir(join(home, '.cursor'));
    await mkdir(join(home, 'started'));
    // Renamed into place, so that whoever sees the file sees the number in it.
    const note = `fs.writeFileSync(${JSON.stringify(`${pidFile}.new`)}, String(process.pid)); fs.renameSync(${JSON.stringify(`${pidFile}.new`)}, ${JSON.stringify(pidFile)})`;
    const hang = `const fs = require('fs'); ${note}; setInterval(() => {}, 1000)`;
    await writeFile(
      join(home, '.cursor', 'mcp.json'),
      JSON.stringify({ mcpServers: { hang: { command: process.execPath, args: ['-e', hang] } } }),
    );
    const started = new Promise<void>((resolve) => {
      const watcher = watch(join(home, 'started'), (_, name) => {
        if (name !== 'pid') return;
        watcher.close();
        resolve();
      });
    });
    const { child, ended, send } = startByHand({ cwd: join(home, 'started'), env: { HOME: home, PATH: process.env['PATH'] ?? '' } });
    send({ id: 2, method: 'tools/call', params: { name: 'diagnose', arguments: { targets: ['cursor:hang'] } } });
    await started;
    child.stdin.end();
    assert.equal((await ended).code, 0);
    const pid = Number(await readFile(pidFile, 'utf8'));
    assert.ok(pid > 0);
    assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
  } finally {
    await rm(home, { recursive: true });
  }
});

test('the doctor finds nothing wrong with it, in whatever revision it speaks', async () => {
  const { code, stdout } = await mcpreach(['doctor', '--json', '--', process.execPath, MAIN, 'mcp']);
  const [target] = (JSON.parse(stdout) as Report).targets;
  assert.equal(code, 0, stdout);
  assert.equal(target?.status, 'ok', target?.summary);
  assert.deepEqual([target.server?.name, target.server?.tools], ['mcpreach', 3]);
});

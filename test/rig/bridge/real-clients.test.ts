/** Clients that people use, behind `mcpreach connect`: the official SDKs of both languages, over restarts of a real server. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort, startServer } from '../../e2e/lab-server.ts';

const MAIN = fileURLToPath(new URL('../../../src/cli/main.js', import.meta.url));
const LAB = fileURLToPath(new URL('../../../../.lab/', import.meta.url));
const PYTHON_CLIENT = fileURLToPath(new URL('../../../../test/rig/bridge/python-client.py', import.meta.url));

interface Place {
  readonly port: number;
  readonly args: readonly string[];
  readonly env: Record<string, string>;
}

async function place(t: TestContext): Promise<Place> {
  const state = await mkdtemp(join(tmpdir(), 'mcpreach-'));
  t.after(() => rm(state, { recursive: true, force: true }));
  const port = await freePort();
  const env = Object.fromEntries(Object.entries(process.env).filter((pair): pair is [string, string] => pair[1] !== undefined));
  return { port, args: [MAIN, 'connect', `http://127.0.0.1:${port}/mcp`], env: { ...env, XDG_STATE_HOME: state } };
}

for (const app of ['v1-stateful', 'v2-modern'] as const) {
  test(`SDK v1 in front of ${app}`, async (t) => {
    const { port, args, env } = await place(t);
    const { Client } = await import('@modelcontextprotocol/sdk/client/index.js');
    const { StdioClientTransport } = await import('@modelcontextprotocol/sdk/client/stdio.js');
    let server = await startServer(app, port);
    t.after(() => server.kill());
    const client = new Client({ name: 'v1', version: '1' });
    await client.connect(new StdioClientTransport({ command: process.execPath, args: [...args], env, stderr: 'ignore' }));
    t.after(() => client.close());
    assert.ok((await client.listTools()).tools.some(({ name }) => name === 'add'));
    await server.kill();
    server = await startServer(app, port);
    const result = await client.callTool({ name: 'add', arguments: { a: 2, b: 3 } });
    assert.deepEqual(result.content, [{ type: 'text', text: '5' }]);
  });

  test(`SDK v2, which finds out the era by itself, in front of ${app}`, async (t) => {
    const { port, args, env } = await place(t);
    const { Client } = await import('@modelcontextprotocol/client');
    const { StdioClientTransport } = await import('@modelcontextprotocol/client/stdio');
    let server = await startServer(app, port);
    t.after(() => server.kill());
    const client = new Client({ name: 'v2', version: '1' }, { versionNegotiation: { mode: 'auto' } });
    await client.connect(new StdioClientTransport({ command: process.execPath, args: [...args], env, stderr: 'ignore' }));
    t.after(() => client.close());
    assert.ok((await client.listTools()).tools.some(({ name }) => name === 'add'));
    await server.kill();
    server = await startServer(app, port);
    const result = await client.callTool({ name: 'add', arguments: { a: 2, b: 3 } });
    assert.deepEqual(result.content, [{ type: 'text', text: '5' }]);
  });
}

for (const environment of ['python-1', 'python-2']) {
  const python = join(LAB, environment, 'bin', 'python');
  const skip = existsSync(python) ? false : 'the lab has not made its Python environments here';
  test(`Python's client (${environment})`, { skip }, async (t) => {
    const { port, args, env } = await place(t);
    const server = await startServer('v1-stateful', port);
    t.after(() => server.kill());
    const { stdout } = await promisify(execFile)(python, [PYTHON_CLIENT, process.execPath, ...args], { env, timeout: 30_000 });
    assert.equal(stdout.trim(), '5');
  });
}

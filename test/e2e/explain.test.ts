import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { NOT_HTTP_PORTS } from '../../src/facts/ports.ts';
import type { Explanation } from '../../src/model/explanation.ts';
import { mcpreach } from './program.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));

/** Runs the program with this text on stdin. */
function piped(args: readonly string[], text: string | Buffer): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: 'pipe' });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (stdout += part));
  child.stderr.setEncoding('utf8').on('data', (part: string) => (stderr += part));
  // A program that does not read closes the pipe; the assertion on its output says more than EPIPE.
  child.stdin.on('error', () => undefined).end(text);
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}

test('a text as arguments: what it says, then the causes, best first', async () => {
  const { code, stdout, stderr } = await mcpreach(['explain', 'connect', 'ECONNREFUSED', '::1:3000']);
  assert.equal(code, 0);
  assert.equal(stderr, '');
  assert.match(stdout, /^The text says: ECONNREFUSED, \[::1\]:3000, IPv6, layer tcp,\s+written by node\n\nipv6-localhost \d+ %\n/);
});

test('--json is one document with exactly the public fields', async () => {
  const { code, stdout } = await mcpreach(['explain', 'spawn npx ENOENT', '--os', 'windows', '--client', 'cursor', '--json']);
  assert.equal(code, 0);
  const document = JSON.parse(stdout) as Explanation;
  assert.deepEqual(Object.keys(document), ['schema', 'read', 'candidates', 'doctor']);
  assert.equal(document.doctor, null);
  assert.equal(document.schema, 'mcpreach.explain/1');
  assert.deepEqual(document.read, {
    errno: 'ENOENT',
    host: null,
    port: null,
    family: null,
    status: null,
    client: 'cursor',
    transport: 'stdio',
    addresses: [],
    runtime: 'node',
    layer: 'process',
    hop: 'client-server',
  });
  assert.equal(document.candidates[0]?.cause, 'windows-npx-cmd');
  assert.deepEqual(Object.keys(document.candidates[0] ?? {}), ['cause', 'score', 'why', 'check']);
});

test('a log on stdin, with - and without', async () => {
  const log = `${'all is well\n'.repeat(50_000)}Error: listen EADDRINUSE: address already in use 127.0.0.1:3000\n`;
  for (const args of [['explain', '-'], ['explain']]) {
    const { code, stdout } = await piped([...args, '--json'], log);
    assert.equal(code, 0);
    assert.equal((JSON.parse(stdout) as Explanation).candidates[0]?.cause, 'port-in-use');
  }
});

test('a text that begins like an option stands behind --', async () => {
  const { code, stdout } = await mcpreach(['explain', '--', '-32000: Connection closed']);
  assert.equal(code, 0);
  assert.match(stdout, /^crash-on-boot /m);
});

test('a file: its end, whatever its encoding', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mcpreach-explain-'));
  try {
    const line = 'Error: listen EADDRINUSE: address already in use 127.0.0.1:3000\r\n';
    const long = `connect ECONNREFUSED 127.0.0.1:1\n${'all is well\nand goes on\n'.repeat(60_000)}${line}`;
    const files: Readonly<Record<string, string | Buffer>> = {
      'plain.log': line,
      'long.log': long,
      'marked.log': Buffer.from(`\uFEFF${line}`, 'utf16le'),
      'unmarked.log': Buffer.from(line, 'utf16le'),
      'swapped.log': Buffer.from(`\uFEFF${line}`, 'utf16le').swap16(),
      'long-wide.log': Buffer.from(`\uFEFF${long}`, 'utf16le'),
      'with blanks.log': `\u001B[31m${line}\u001B[0m\u0000\u0000`,
    };
    for (const [name, content] of Object.entries(files)) {
      writeFileSync(join(folder, name), content);
      const { code, stdout } = await mcpreach(['explain', join(folder, name), '--json']);
      assert.equal(code, 0, name);
      const { read, candidates } = JSON.parse(stdout) as Explanation;
      assert.deepEqual([read.errno, read.port, candidates[0]?.cause], ['EADDRINUSE', 3000, 'port-in-use'], name);
      const fromPipe = await piped(['explain', '--json'], Buffer.from(content));
      assert.equal(fromPipe.stdout, stdout, `${name} through a pipe`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a file that is no text says so, a folder and a name of nothing are texts', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mcpreach-explain-'));
  try {
    writeFileSync(join(folder, 'old.log.gz'), Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0]));
    writeFileSync(join(folder, 'core'), Buffer.from(Array.from({ length: 4_000 }, (_, index) => (index * 7919) % 251)));
    writeFileSync(join(folder, 'empty.log'), '');
    for (const name of ['old.log.gz', 'core']) {
      const { code, stdout } = await mcpreach(['explain', join(folder, name), '--json']);
      assert.equal(code, 2, name);
      assert.match(stdout, /"code":\s*"not-text"/);
    }
    for (const name of ['empty.log', '', 'no-such.log']) {
      const { code, stdout } = await mcpreach(['explain', join(folder, name), '--json']);
      assert.equal(code, 0, name);
      assert.equal((JSON.parse(stdout) as Explanation).candidates[0]?.cause, 'unknown', name);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('junk on stdin ends in an answer', async () => {
  const junk = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7919 + (index >> 8)) % 256));
  const { code, stdout, stderr } = await piped(['explain', '--json'], junk);
  assert.equal(code, 0, stderr);
  assert.equal((JSON.parse(stdout) as Explanation).schema, 'mcpreach.explain/1');
});

/** Listens where the doctors of other tests do not look for neighbours. */
async function listenUnasked(server: Server): Promise<number> {
  for (const port of NOT_HTTP_PORTS) {
    if (port < 1024) continue;
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (isFree) return port;
  }
  throw new Error('none of those ports is free');
}

test('an address of this machine: the doctor is offered, not run', async () => {
  const asked: unknown[] = [];
  const server = createServer((socket) => {
    asked.push(socket.remotePort);
    socket.destroy();
  });
  const port = await listenUnasked(server);
  try {
    const { code, stdout } = await mcpreach(['explain', `fetch failed: read ECONNRESET 127.0.0.1:${port}`]);
    assert.equal(code, 0);
    assert.match(stdout, new RegExp(`\\n {2}mcpreach doctor http://127\\.0\\.0\\.1:${port}/mcp\\n$`));
    assert.deepEqual(asked, []);
  } finally {
    server.close();
  }
});

test('a code is told about, with its references', async () => {
  const { code, stdout } = await mcpreach(['explain', 'redirect']);
  assert.equal(code, 0);
  assert.match(stdout, /^redirect: /);
  assert.match(stdout, /\nhttps:\/\//);
  assert.deepEqual(
    stdout.split('\n').filter((line) => line.length > 80 && !line.includes('https://')),
    [],
  );
});

test('a text that says nothing ends in unknown and what to collect, not in an error', async () => {
  for (const text of ['', 'please help']) {
    const { code, stdout } = await piped(['explain', '--json'], text);
    assert.equal(code, 0);
    assert.deepEqual(
      (JSON.parse(stdout) as Explanation).candidates.map(({ cause }) => cause),
      ['unknown'],
    );
  }
});

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Explanation } from '../../src/model/explanation.ts';
import { mcpreach } from './program.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));

/** Runs the program with this text on stdin. */
function piped(args: readonly string[], text: string): Promise<{ code: number | null; stdout: string; stderr: string }> {
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
  assert.match(stdout, /^The text says: ECONNREFUSED, \[::1\]:3000, IPv6\n\nipv6-localhost \d+ %\n/);
});

test('--json is one document with exactly the public fields', async () => {
  const { code, stdout } = await mcpreach(['explain', 'spawn npx ENOENT', '--os', 'windows', '--client', 'cursor', '--json']);
  assert.equal(code, 0);
  const document = JSON.parse(stdout) as Explanation;
  assert.deepEqual(Object.keys(document), ['schema', 'read', 'candidates']);
  assert.equal(document.schema, 'mcpreach.explain/1');
  assert.deepEqual(document.read, {
    errno: 'ENOENT',
    host: null,
    port: null,
    family: null,
    status: null,
    client: 'cursor',
    transport: 'stdio',
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

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Report } from '../../src/model/report.ts';
import { mcpreach } from './program.ts';
import { refusedUrl, serveMcp, serveSilence } from './servers.ts';

test('a healthy server: exit 0, its layers, and an OK', async () => {
  const server = await serveMcp();
  try {
    const { code, stdout, stderr } = await mcpreach(['doctor', server.url]);
    assert.equal(code, 0);
    assert.equal(stderr, '');
    assert.ok(stdout.startsWith(`${server.url}\n  ✓ tcp `), stdout);
    assert.match(stdout, /\nOK: /);
  } finally {
    await server.close();
  }
});

test('nothing listens: exit 1 and one JSON document', async () => {
  const { code, stdout, stderr } = await mcpreach([await refusedUrl(), '--patience', '0', '--json']);
  assert.equal(code, 1);
  assert.equal(stderr, '');
  const report = JSON.parse(stdout) as Report;
  assert.equal(report.schema, 'mcpreach.report/1');
  assert.equal(report.summary.failed, 1);
  assert.notEqual(report.targets[0]?.cause, null);
});

test('a server that is started by the doctor and ends: the process comes first on its way, once', async () => {
  const url = (await refusedUrl()).replace('127.0.0.1', 'localhost');
  const { code, stdout } = await mcpreach(['doctor', url, '--start', `"${process.execPath}" -e "process.exit(7)"`]);
  assert.equal(code, 1);
  assert.ok(stdout.startsWith(`${url}\n  ✗ process ended before it listened`), stdout);
  assert.match(stdout, /\n {2}– dns, tcp, http, mcp, tools not reached\n/);
  assert.match(stdout, /exit code 7.*says nothing about/);
});

test('several targets keep their order, whoever is first', async () => {
  const server = await serveMcp();
  const refused = await refusedUrl();
  try {
    const { code, stdout } = await mcpreach(['doctor', refused, server.url, '--patience', '300']);
    assert.equal(code, 1);
    assert.ok(stdout.indexOf(refused) < stdout.indexOf(`\n${server.url}\n`), stdout);
    assert.match(stdout, /\n2 targets: 1 ok, 1 failed\.\n$/);
  } finally {
    await server.close();
  }
});

test('every format is one whole document', async () => {
  const url = await refusedUrl();
  const expected = { text: /^http:/, json: /^\{/, markdown: /^### Failed: /, github: /^::error / };
  for (const [format, start] of Object.entries(expected)) {
    const { code, stdout } = await mcpreach(['doctor', url, '--patience', '0', '--format', format]);
    assert.equal(code, 1);
    assert.match(stdout, start);
    assert.match(stdout, /\n$/);
  }
});

test('--quiet prints the verdict only', async () => {
  const { stdout } = await mcpreach(['doctor', await refusedUrl(), '--patience', '0', '--quiet']);
  assert.match(stdout, /^✗ http:\/\/127\.0\.0\.1:\d+\/mcp: [^\n]+\n$/);
});

test('colours: never into a pipe, unless forced, and NO_COLOR wins', async () => {
  const args = ['doctor', await refusedUrl(), '--patience', '0'];
  const escape = /\u001b/;
  assert.doesNotMatch((await mcpreach(args)).stdout, escape);
  assert.doesNotMatch((await mcpreach(args, { CI: 'true' })).stdout, escape);
  assert.match((await mcpreach(args, { FORCE_COLOR: '1' })).stdout, escape);
  assert.doesNotMatch((await mcpreach(args, { FORCE_COLOR: '1', NO_COLOR: '1' })).stdout, escape);
  assert.doesNotMatch((await mcpreach([...args, '--no-color'], { FORCE_COLOR: '1' })).stdout, escape);
});

test('ASCII marks where the locale knows no others', async () => {
  const { stdout } = await mcpreach(['doctor', await refusedUrl(), '--patience', '0'], { LC_ALL: 'C' });
  assert.match(stdout, /\n {2}x tcp /);
});

/** Runs the program with its stdout piped into a command of the shell. */
async function pipeInto(reader: string, args: string): Promise<{ readonly stdout: string; readonly stderr: string; readonly ms: number }> {
  const main = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));
  const started = performance.now();
  const shell = spawn('sh', ['-c', `"$0" "$1" ${args} | ${reader}`, process.execPath, main], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  shell.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  shell.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  await new Promise((resolve) => shell.on('close', resolve));
  return { stdout, stderr, ms: performance.now() - started };
}

const skip = process.platform === 'win32';

test('a reader that leaves early is no fault', { skip }, async () => {
  const url = await refusedUrl();
  for (const options of ['--patience 0', '--patience 0 --json', '--patience 400 --verbose']) {
    const { stdout, stderr } = await pipeInto('head -1', `doctor ${url} ${options}`);
    assert.equal(stderr, '');
    assert.equal(stdout.split('\n').length, 2);
  }
});

test('nobody reads any more: the run ends instead of waiting for an answer', { skip }, async () => {
  const server = await serveSilence();
  try {
    const { stderr, ms } = await pipeInto('true', `doctor ${server.url}`);
    assert.equal(stderr, '');
    assert.ok(ms < 5000, `${ms} ms`);
  } finally {
    await server.close();
  }
});

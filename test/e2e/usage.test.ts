import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { mcpreach } from './program.ts';

let folder = '';

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mcpreach-e2e-'));
  await writeFile(join(folder, 'empty.pem'), 'nothing here\n');
  await writeFile(join(folder, 'broken.pem'), '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
});

after(() => rm(folder, { recursive: true }));

const URL = 'http://127.0.0.1:9/mcp';

/** Arguments, the stable code, and what a reader must be told. */
const WRONG: readonly (readonly [readonly string[], string, RegExp])[] = [
  [['doctor', 'no-such-client:x'], 'unknown-client', /no client/],
  [['docter', URL], 'unknown-command', /Did you mean doctor\?/],
  [['help', 'nothing'], 'unknown-command', /nothing/],
  [['demo', '--fats'], 'unknown-option', /Did you mean --fast\?/],
  [['--frobnicate', URL], 'unknown-option', /--frobnicate/],
  [['doctor', URL, '--timeout'], 'missing-value', /--timeout/],
  [['doctor', URL, '--format', 'pdf'], 'invalid-value', /markdown/],
  [['doctor', URL, '--transport', 'stdio'], 'invalid-value', /sse/],
  [['doctor', URL, '--timeout', 'soon'], 'invalid-duration', /--timeout.*5s/],
  [['doctor', URL, '--timeout', '0'], 'invalid-duration', /too short/],
  [['doctor', URL, '--patience', '-1s'], 'invalid-duration', /--patience/],
  [['doctor', URL, '--header', 'no colon'], 'invalid-header', /Name: value/],
  [['doctor', URL, '--header', 'bad name: x'], 'invalid-header', /not a header name/],
  [['doctor', URL, '--header', 'A: 1', '--header', 'a: 2'], 'duplicate-header', /twice/],
  [['doctor', URL, '--ca', 'FOLDER/missing.pem'], 'no-such-file', /missing\.pem/],
  [['doctor', URL, '--ca', 'FOLDER'], 'unreadable-file', /folder, not a file/],
  [['doctor', URL, '--ca', 'FOLDER/empty.pem'], 'invalid-ca', /no certificate/],
  [['doctor', URL, '--ca', 'FOLDER/broken.pem'], 'invalid-ca', /number 1/],
  [['doctor', URL, URL, '--start', 'x'], 'conflicting-options', /one TARGET/],
  [['doctor', URL, '--quiet', '--verbose'], 'conflicting-options', /contradict/],
  [['doctor', 'http://127.0.0.1:0/mcp'], 'invalid-port', /Port 0/],
  [['doctor', 'http://127.0.0.1:70000/mcp'], 'invalid-port', /70000/],
  [['doctor', 'http:///mcp'], 'invalid-url', /no host/],
  [['doctor', 'http://'], 'invalid-url', /no host/],
  [['doctor', 'ftp://localhost/mcp'], 'unsupported-scheme', /ftp/],
  [['doctor', 'localhost:3000/mcp'], 'missing-scheme', /http:\/\/localhost:3000\/mcp/],
  [['localhost:3000/mcp'], 'missing-scheme', /http:\/\/localhost:3000\/mcp/],
];

for (const [args, code, message] of WRONG) {
  test(`wrong use: mcpreach ${args.join(' ')}`, async () => {
    const given = args.map((word) => word.replace('FOLDER', folder));
    const [text, json] = await Promise.all([mcpreach(given), mcpreach([...given, '--json'])]);
    assert.equal(text.code, 2);
    assert.equal(text.stdout, '');
    assert.match(text.stderr, message);
    assert.doesNotMatch(text.stderr, /\n\s+at /);
    // demo takes no --json and says so; everything else keeps its own complaint.
    const document = JSON.parse(json.stdout) as { schema: string; error: { code: string; message: string } };
    assert.equal(document.schema, 'mcpreach.error/1');
    assert.equal(document.error.code, code);
    assert.match(document.error.message, message);
    assert.equal(json.code, 2);
    assert.equal(json.stderr, '');
  });
}

test('--json counts wherever it stands', async () => {
  const { code, stdout } = await mcpreach(['--json', '--frobnicate', URL]);
  assert.equal(code, 2);
  assert.equal((JSON.parse(stdout) as { error: { code: string } }).error.code, 'unknown-option');
});

test('--json against another --format is a contradiction', async () => {
  const { code, stdout } = await mcpreach(['doctor', URL, '--json', '--format', 'text']);
  assert.equal(code, 2);
  assert.equal((JSON.parse(stdout) as { error: { code: string } }).error.code, 'conflicting-options');
});

test('secrets in wrong arguments are not repeated', async () => {
  for (const args of [
    ['doctor', URL, '--header', 'sesame42'],
    ['doctor', URL, '--tokn=sesame42'],
    ['doctor', 'ftp://user:sesame42@localhost/'],
  ]) {
    const { stdout, stderr } = await mcpreach(args);
    assert.doesNotMatch(stdout + stderr, /sesame42/);
  }
});

test('version and help go to stdout and exit with 0', async () => {
  for (const args of [['--version'], ['-v'], ['doctor', '--version']]) {
    const { code, stdout } = await mcpreach(args);
    assert.equal(code, 0);
    assert.match(stdout, /^\d+\.\d+\.\d+\S*\n$/);
  }
  for (const args of [['--help'], ['help'], ['doctor', '--help'], ['help', 'demo']]) {
    const { code, stdout, stderr } = await mcpreach(args);
    assert.equal(code, 0);
    assert.match(stdout, /Usage:/);
    assert.equal(stderr, '');
  }
});

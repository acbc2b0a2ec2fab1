import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readBackend, readBanner, readMissingNames, readPackage, readVersionWords } from './said.ts';

test('packages that a registry does not have', () => {
  const npm = [
    'npm error code E404',
    'npm error 404 Not Found - GET https://registry.example/@acme%2fno-such-server - Not found',
    "npm error 404  '@acme/no-such-server@*' is not in this registry.",
  ];
  const hidden = [
    'npm error code E404',
    'npm error 404 Not Found - GET https://registry.example/no-such-server',
    "npm error 404  The requested resource 'no-such-server@*' could not be found or you do not have permission to access it.",
  ];
  const table: readonly (readonly [readonly string[], string, string, string | null])[] = [
    [npm, 'npm', 'not-found', '@acme/no-such-server'],
    [npm.slice(0, 2), 'npm', 'not-found', '@acme/no-such-server'],
    [hidden, 'npm', 'not-found', 'no-such-server'],
    [hidden.slice(0, 2), 'npm', 'not-found', 'no-such-server'],
    [
      ['npm error code ETARGET', 'npm error notarget No matching version found for left-pad@99.0.0.'],
      'npm',
      'no-such-version',
      'left-pad@99.0.0',
    ],
    [['npm error could not determine executable to run'], 'npm', 'no-executable', null],
    [
      ['  ╰─▶ Because mcp-server-nope was not found in the package registry and you require mcp-server-nope, we can'],
      'uv',
      'not-found',
      'mcp-server-nope',
    ],
    [
      ['  ╰─▶ Because there is no version of mcp-server-time==99 and you require mcp-server-time==99, we can'],
      'uv',
      'no-such-version',
      'mcp-server-time',
    ],
    [
      ['docker: Error response from daemon: pull access denied for acme/nope, repository does not exist'],
      'docker',
      'not-found',
      'acme/nope',
    ],
    [['ERROR: No matching distribution found for mcp-server-nope'], 'pip', 'not-found', 'mcp-server-nope'],
  ];
  for (const [lines, manager, why, name] of table) {
    const found = readPackage(lines, null);
    assert.deepEqual(found && [found.manager, found.why, found.name], [manager, why, name], lines[0]);
  }
  assert.equal(readPackage(["Error: Cannot find module 'express'"], null), null);
});

test('the module that python -m asks for', () => {
  const line = '/usr/bin/python3: No module named mcp_server_nope';
  assert.equal(readPackage([line], 'mcp_server_nope')?.why, 'not-installed');
  assert.equal(readPackage([line], 'mcp_server_fetch'), null);
  assert.equal(readPackage([line], null), null);
});

test('words about versions', () => {
  const table: readonly (readonly [string, string | null, string | null])[] = [
    ["npm warn EBADENGINE   required: { node: '>=22.12' },", '>=22.12', null],
    ['This server requires Node.js 22 or later.', '22', null],
    ['Error: Node.js >=20 is required', '>=20', null],
    ["ERROR: Package 'x' requires a different Python: 3.9.2 not in '>=3.10'", '>=3.10', '3.9.2'],
    ["SyntaxError: The requested module 'node:util' does not provide an export named 'parseEnv'", null, null],
    ["ModuleNotFoundError: No module named 'tomllib'", null, null],
  ];
  for (const [line, required, found] of table) {
    const said = readVersionWords([line]);
    assert.deepEqual(said && [said.required, said.found], [required, found], line);
  }
  // Node shows the line that threw above the error.
  const thrown = [
    '    throw new ERR_UNKNOWN_BUILTIN_MODULE(url);',
    'Error [ERR_UNKNOWN_BUILTIN_MODULE]: No such built-in module: node:sqlite',
  ];
  assert.equal(readVersionWords(thrown)?.line, thrown[1]);
  assert.equal(readVersionWords(['Server v2.1 requires a token', 'Node.js v20.20.2']), null);
});

test('names of missing variables', () => {
  const table: readonly (readonly [readonly string[], readonly string[]])[] = [
    [['Error: GITHUB_TOKEN environment variable is required'], ['GITHUB_TOKEN']],
    [['Please set API_KEY and API_URL.'], ['API_KEY', 'API_URL']],
    [['1 validation error for Settings', 'api_key', '  Field required [type=missing, input_value={}, input_type=dict]'], ['API_KEY']],
    [['Starting with LOG_LEVEL=info'], []],
    [['Error: required file not found: ERR_MODULE_NOT_FOUND'], []],
  ];
  for (const [lines, names] of table) assert.deepEqual(readMissingNames(lines, null), names, lines[0]);
  assert.deepEqual(readMissingNames(["KeyError: 'TOKEN'"], "KeyError: 'TOKEN'"), ['TOKEN']);
});

test('backends, but not the registry of an installer', () => {
  assert.equal(readBackend(['connecting', 'Error: connect ECONNREFUSED 127.0.0.1:5432'], 'stderr')?.address, '127.0.0.1:5432');
  assert.equal(readBackend(['npm error code ECONNREFUSED', 'Error: connect ECONNREFUSED 127.0.0.1:4873'], 'stderr'), null);
});

test('a backend without an address, told by the line that explains the end', () => {
  const line = 'httpx.ConnectError: [Errno 111] Connection refused';
  assert.deepEqual(readBackend([line], 'stderr', line), { address: null, code: 'ECONNREFUSED', from: 'stderr', line });
  assert.equal(readBackend([line, 'Error: connect ECONNREFUSED 127.0.0.1:5432'], 'stderr', line)?.address, '127.0.0.1:5432');
  assert.equal(readBackend([line], 'stderr'), null);
  for (const other of ['Error: 111 items', 'npm error network connect refused: Connection refused', 'connection policy: refused']) {
    assert.equal(readBackend([other], 'stderr', other), null, other);
  }
});

test('banners of HTTP servers', () => {
  const table: readonly (readonly [string, string | null])[] = [
    ['Server running on http://localhost:3000/mcp', 'http://localhost:3000/mcp'],
    ['INFO:     Uvicorn running on http://0.0.0.0:8000 (Press CTRL+C to quit)', 'http://localhost:8000'],
    ['MCP server listening on port 8080', 'http://localhost:8080'],
    ['MCP server running on stdio', null],
    ['Error: listen EADDRINUSE: address already in use 127.0.0.1:3000', null],
    ['see https://modelcontextprotocol.io/docs', null],
    ['Debugger listening on ws://127.0.0.1:9229/abc', 'http://localhost:9229'],
  ];
  for (const [line, url] of table) assert.equal(readBanner([line])?.url ?? null, url, line);
});

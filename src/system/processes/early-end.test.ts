import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { readEarlyEnd } from './early-end.ts';
import type { EarlyEnd } from '../../model/evidence.ts';

/** Recorded outputs (see the README beside them), each with the exit code it came with. */
const RECORDED: readonly (readonly [string, number, EarlyEnd, RegExp | null])[] = [
  ['node-address-in-use', 1, 'address-in-use', /^Error: listen EADDRINUSE: address already in use 127\.0\.0\.1:39417$/],
  ['python-address-in-use', 1, 'address-in-use', /^OSError: \[Errno 98\]/],
  ['asyncio-address-in-use', 1, 'address-in-use', /^OSError: \[Errno 98\] error while attempting to bind/],
  ['node-esm-module-not-found', 1, 'module-not-found', /Cannot find package 'no-such-package-here'|ERR_MODULE_NOT_FOUND/],
  ['node-cjs-module-not-found', 1, 'module-not-found', /^Error: Cannot find module 'no-such-package-here'$/],
  ['node-file-not-found', 1, 'module-not-found', /^Error: Cannot find module '\/srv\/app\/server\.js'$/],
  ['python-module-not-found', 1, 'module-not-found', /^ModuleNotFoundError: No module named 'no_such_module_here'$/],
  ['python-run-module-not-found', 1, 'module-not-found', /No module named no_such_module_here$/],
  ['python-import-error', 1, 'module-not-found', /^ImportError: cannot import name/],
  ['python-file-not-found', 2, 'module-not-found', /can't open file/],
  ['node-syntax', 1, 'syntax', /^SyntaxError: Unexpected token/],
  ['python-syntax', 1, 'syntax', /^SyntaxError: invalid syntax$/],
  ['python-indentation', 1, 'syntax', /^IndentationError: /],
  ['python-environment-key', 1, 'missing-variable', /^KeyError: 'API_TOKEN'$/],
  ['python-dictionary-key', 1, 'error', /^KeyError: 'port'$/],
  ['node-variable-required', 1, 'missing-variable', /API_TOKEN environment variable is required/],
  ['node-variable-missing', 1, 'missing-variable', /Missing environment variable: DATABASE_URL/],
  ['node-zod', 1, 'missing-variable', /API_TOKEN/],
  ['node-type-error', 1, 'error', /^TypeError: /],
  ['python-runtime-error', 1, 'error', /^RuntimeError: cannot read the configuration$/],
  ['node-privileged-port', 1, 'permission-denied', /^Error: listen EACCES: permission denied/],
  ['sh-command-not-found', 127, 'command-not-found', /no-such-command: not found$/],
  ['npm-command-not-found', 127, 'command-not-found', /no-such-command: not found$/],
  ['sh-not-executable', 126, 'permission-denied', /Permission denied$/],
  ['sh-killed', 137, 'signal', /Killed/],
  ['node-done', 0, 'silent-success', /^done$/],
];

describe('recorded early ends', () => {
  for (const [name, code, early, detail] of RECORDED) {
    it(`${name}, code ${code}: ${early}`, () => {
      const reading = readEarlyEnd({
        code,
        signal: null,
        startError: null,
        stderr: recorded(name, 'stderr'),
        stdout: recorded(name, 'stdout'),
      });
      assert.equal(reading.early, early);
      assert.match(reading.detail ?? '', detail ?? /^$/);
    });
  }
});

describe('early ends by wording and code', () => {
  const table: readonly (readonly [string, number | null, EarlyEnd])[] = [
    ["ERROR:    [Errno 48] error while attempting to bind on address ('127.0.0.1', 8000): address already in use", 1, 'address-in-use'],
    ['OSError: [WinError 10048] Normalerweise darf jede Socketadresse nur einmal verwendet werden', 1, 'address-in-use'],
    ['listen tcp 127.0.0.1:3000: bind: address already in use', 1, 'address-in-use'],
    ['Error: Os { code: 98, kind: AddrInUse, message: "Address already in use" } (os error 98)', 101, 'address-in-use'],
    ['Port 3000 is already in use', 0, 'silent-success'],
    ['Port 3000 is already in use', 1, 'address-in-use'],
    ['Please set the GITHUB_TOKEN variable', 1, 'missing-variable'],
    ['OPENAI_API_KEY must be set', 1, 'missing-variable'],
    ['GITHUB_PERSONAL_ACCESS_TOKEN is not set', 1, 'missing-variable'],
    ['SyntaxError: Unexpected token } in JSON at position 4', 1, 'error'],
    ["'uvx' is not recognized as an internal or external command,", 1, 'command-not-found'],
    ['Listening on http://127.0.0.1:3000', 143, 'signal'],
    ['the index is corrupt', 127, 'error'],
    ['the index is corrupt', 126, 'error'],
    ['', 127, 'command-not-found'],
    ['', 126, 'permission-denied'],
    ['zsh:1: command not found: tsx', 127, 'command-not-found'],
    ['start.sh: Zeile 3: tsx: Befehl nicht gefunden.', 127, 'command-not-found'],
    ["/usr/bin/env: 'tsx': No such file or directory", 127, 'command-not-found'],
    ['docker: Error response from daemon: exec: "tsx": executable file not found in $PATH', 127, 'command-not-found'],
    ['./server: cannot execute: required file not found', 126, 'permission-denied'],
    ['', 1, 'error'],
  ];
  for (const [line, code, early] of table) {
    it(`${line || '(nothing)'}, code ${code}: ${early}`, () => {
      assert.equal(readEarlyEnd({ code, signal: null, startError: null, stderr: [line], stdout: [] }).early, early);
    });
  }

  it('knows a shell that cannot be started, and a signal', () => {
    const quiet = { code: null, stderr: [], stdout: [] };
    assert.deepEqual(readEarlyEnd({ ...quiet, signal: null, startError: 'ENOENT' }), { early: 'command-not-found', detail: 'ENOENT' });
    assert.deepEqual(readEarlyEnd({ ...quiet, signal: 'SIGSEGV', startError: null }), { early: 'signal', detail: null });
  });

  it('takes a variable for missing only from the error and what follows it, where an error was thrown', () => {
    const read = (...stderr: string[]) => readEarlyEnd({ code: 1, signal: null, startError: null, stderr, stdout: [] });
    const optional = 'SENTRY_DSN is not set, reporting is off';
    assert.deepEqual(read(optional, `console.error('${optional}');`, 'Error: the index is corrupt', '    at file:///srv/app.js:1:65'), {
      early: 'error',
      detail: 'Error: the index is corrupt',
    });
    assert.equal(read('Error: the configuration is not complete:', '  - API_KEY is required').early, 'missing-variable');
    assert.equal(read('API_KEY is not set', 'see the README').early, 'missing-variable');
  });

  it('masks secrets in the deciding line', () => {
    const stderr = ['Error: login with --api-key sk-live-12345678 failed'];
    assert.doesNotMatch(readEarlyEnd({ code: 1, signal: null, startError: null, stderr, stdout: [] }).detail ?? '', /sk-live/);
  });
});

function recorded(name: string, stream: 'stderr' | 'stdout'): readonly string[] {
  // Tests are compiled into a folder of the repository, so the recordings are found from its top.
  try {
    return readFileSync(`test/recorded/early-end/${name}.${stream}.txt`, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
  } catch {
    return [];
  }
}

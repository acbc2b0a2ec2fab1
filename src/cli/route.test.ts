import assert from 'node:assert/strict';
import { test } from 'node:test';
import { route } from './route.ts';

function shown(...argv: string[]): string {
  const found = route(argv);
  switch (found.kind) {
    case 'command':
      return `${found.command.name}(${found.words.join(' ')})`;
    case 'help':
      return `help(${found.words.join(' ')})`;
    case 'version':
      return 'version';
    case 'unknown-command':
      return `unknown ${found.name}`;
  }
}

test('route: a command word anywhere before the addresses; the doctor without one', () => {
  assert.equal(shown(), 'doctor()');
  assert.equal(shown('doctor', 'http://a'), 'doctor(http://a)');
  assert.equal(shown('http://a', '--strict'), 'doctor(http://a --strict)');
  assert.equal(shown('--json', 'demo'), 'demo(--json)');
  assert.equal(shown('--timeout', '5s', 'doctor', 'http://a'), 'doctor(--timeout 5s http://a)');
  assert.equal(shown('--timeout=5s', 'localhost:3000'), 'doctor(--timeout=5s localhost:3000)');
  assert.equal(shown('http://a', 'demo'), 'doctor(http://a demo)');
  assert.equal(shown('--frobnicate'), 'doctor(--frobnicate)');
});

test('route: a first word that is no address is a mistyped command', () => {
  assert.equal(shown('docter'), 'unknown docter');
  assert.equal(shown('--json', 'docter', 'http://a'), 'unknown docter');
});

test('route: help and version, but not behind --', () => {
  assert.equal(shown('--help'), 'help()');
  assert.equal(shown('doctor', '-h'), 'help(doctor)');
  assert.equal(shown('http://a', '--help'), 'help(doctor)');
  assert.equal(shown('help', 'demo'), 'help(demo)');
  assert.equal(shown('doctor', '--version'), 'version');
  assert.equal(shown('doctor', '--', '--version'), 'doctor(-- --version)');
});

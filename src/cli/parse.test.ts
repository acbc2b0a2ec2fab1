import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../model/errors.ts';
import { hasFlag, valueOf, valuesOf } from './command.ts';
import { COMMANDS, DEFAULT_COMMAND } from './commands.ts';
import { createParser, parse, unknownCommand } from './parse.ts';

test('parse: words, values, repeated values and switches', () => {
  const parsed = parse(DEFAULT_COMMAND, ['http://a', '--header', 'a: 1', '--strict', '--header=b: 2', '--timeout', '5s', 'http://b']);
  assert.deepEqual(parsed.words, ['http://a', 'http://b']);
  assert.deepEqual(valuesOf(parsed, 'header'), ['a: 1', 'b: 2']);
  assert.equal(valueOf(parsed, 'timeout'), '5s');
  assert.equal(valueOf(parsed, 'ca'), undefined);
  assert.equal(hasFlag(parsed, 'strict'), true);
  assert.equal(hasFlag(parsed, 'json'), false);
});

test('parse: complains with stable codes and the nearest name, without repeating values', () => {
  const table: readonly (readonly [readonly string[], string, RegExp])[] = [
    [['--hedaer', 'x'], 'unknown-option', /Did you mean --header\?/],
    [['--frob=SECRET'], 'unknown-option', /^unknown option '--frob'$/],
    [["--tokn=it's SECRET"], 'unknown-option', /^unknown option '--tokn'$/],
    [['--ca'], 'missing-value', /--ca/],
    [['--ca', '--json'], 'missing-value', /--ca/],
    [['--header', 'a: 1', '--header', '--strict'], 'missing-value', /--header/],
    [['--format', 'html'], 'invalid-value', /text/],
  ];
  for (const [argv, code, message] of table) {
    assert.throws(
      () => parse(DEFAULT_COMMAND, argv),
      (error) => error instanceof UsageError && error.code === code && message.test(error.message) && !error.message.includes('SECRET'),
    );
  }
});

test('unknownCommand: suggests the nearest', () => {
  assert.match(unknownCommand('docter', COMMANDS).message, /Did you mean doctor\?/);
  assert.equal(unknownCommand('xyzzy', COMMANDS).code, 'unknown-command');
});

test('every command has help', () => {
  for (const command of COMMANDS) assert.match(createParser(command).helpInformation(), new RegExp(command.summary.slice(0, 20)));
});

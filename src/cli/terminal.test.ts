import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asksForJson } from './session.ts';
import { columnsOf, showsUnicode, wantsColors } from './terminal.ts';

test('colours: per stream; --no-color and NO_COLOR win over FORCE_COLOR', () => {
  const tty = { isTTY: true };
  const table: readonly (readonly [boolean, { isTTY?: boolean }, Record<string, string>, readonly string[]])[] = [
    [true, tty, {}, []],
    [false, {}, {}, []],
    [false, tty, { TERM: 'dumb' }, []],
    [false, tty, { NO_COLOR: '1' }, []],
    [true, tty, { NO_COLOR: '' }, []],
    [true, {}, { FORCE_COLOR: '1' }, []],
    [false, tty, { FORCE_COLOR: '0' }, []],
    [false, tty, { FORCE_COLOR: '1', NO_COLOR: '1' }, []],
    [false, tty, { FORCE_COLOR: '1' }, ['--no-color']],
    [false, {}, { CI: 'true' }, []],
  ];
  for (const [expected, stream, environment, argv] of table) assert.equal(wantsColors(stream, environment, argv), expected);
});

test('marks: Unicode where the locale says so', () => {
  assert.equal(showsUnicode({ LANG: 'en_US.UTF-8' }, 'linux'), true);
  assert.equal(showsUnicode({ LANG: 'C.utf8' }, 'linux'), true);
  assert.equal(showsUnicode({ LANG: 'en_US.UTF-8', LC_ALL: 'C' }, 'linux'), false);
  assert.equal(showsUnicode({ LANG: 'en_US.UTF-8', TERM: 'linux' }, 'linux'), false);
  assert.equal(showsUnicode({}, 'darwin'), false);
  assert.equal(showsUnicode({ WT_SESSION: 'x' }, 'win32'), true);
  assert.equal(showsUnicode({}, 'win32'), false);
});

test('columns: of the terminal, of COLUMNS, or 80', () => {
  assert.equal(columnsOf({ columns: 132 }, { COLUMNS: '90' }), 132);
  assert.equal(columnsOf({}, { COLUMNS: '90' }), 90);
  assert.equal(columnsOf({}, { COLUMNS: 'wide' }), 80);
});

test('JSON is recognised in arguments that cannot be parsed', () => {
  assert.equal(asksForJson(['--frob', '--json']), true);
  assert.equal(asksForJson(['--format', 'json']), true);
  assert.equal(asksForJson(['--format=json']), true);
  assert.equal(asksForJson(['--format', 'text', 'json']), false);
  assert.equal(asksForJson(['--', '--json']), false);
});

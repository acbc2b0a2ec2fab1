import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findControlCharacter, readJsonString, restoreBackslashes } from './escapes.ts';

test('good strings read as JSON reads them', () => {
  for (const token of ['""', '"a"', '"\\n\\u00e9\\\\\\""', '"\\\\server\\\\share"']) {
    assert.deepEqual(readJsonString(token), { value: JSON.parse(token) as string, badEscape: null });
  }
});

test('where a backslash begins no escape, and none is doubled, all stand for themselves', () => {
  assert.deepEqual(readJsonString('"C:\\Users\\new"'), { value: 'C:\\Users\\new', badEscape: 3 });
  // Half of it was escaped with care, so the rest is taken at its word.
  assert.deepEqual(readJsonString('"C:\\\\x\\y\\n"'), { value: 'C:\\x\\y\n', badEscape: 6 });
  assert.deepEqual(readJsonString('"open\ttab'), { value: 'open\ttab', badEscape: null });
});

test('control characters in a path lead back to its backslashes', () => {
  assert.deepEqual(findControlCharacter('C:\temp\new'), { index: 2, escape: '\\t' });
  assert.equal(findControlCharacter('C:\\temp'), null);
  assert.equal(restoreBackslashes('C:\temp\new\bin\foo\run'), 'C:\\temp\\new\\bin\\foo\\run');
});

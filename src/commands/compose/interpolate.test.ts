import assert from 'node:assert/strict';
import { test } from 'node:test';
import { interpolate } from './interpolate.ts';

test('variables are taken at their defaults, and are unknown without', () => {
  const table: readonly (readonly [string, string | null])[] = [
    ['3000:3000', '3000:3000'],
    ['${PORT:-3000}:3000', '3000:3000'],
    ['${PORT-3000}', '3000'],
    ['${HOST:-127.0.0.1}:${PORT:-${OTHER:-80}}', '127.0.0.1:80'],
    ['${PORT}', null],
    ['$PORT', null],
    ['${PORT:?must be set}', null],
    ['${PORT:+3000}', null],
    ['cost: $$5', 'cost: $5'],
  ];
  for (const [text, expected] of table) assert.equal(interpolate(text), expected, text);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readStdioLine } from './stdio-lines.ts';

const never = () => false;

test('lines of standard output', () => {
  const table: readonly (readonly [string, string])[] = [
    ['{"jsonrpc":"2.0","id":1,"result":{}}', 'message'],
    ['  {"jsonrpc":"2.0","method":"notifications/message"}', 'message'],
    ['', 'empty'],
    ['Server running on stdio', 'text'],
    ['42', 'text'],
    ['{"level":"info","msg":"ready"}', 'json'],
    ['{"level":"info","msg":"ready', 'text'],
    ['Starting...{"jsonrpc":"2.0","id":1,"result":{}}', 'glued'],
    ['{"jsonrpc":"2.0","id":1,"result":{}}{"jsonrpc":"2.0","method":"x"}', 'glued'],
    ['[{"jsonrpc":"2.0","id":1,"result":{}}]', 'glued'],
    ['[1]', 'json'],
    ['{', 'spread'],
    ['  "jsonrpc": "2.0",', 'spread'],
    ['Content-Length: 120', 'header'],
    ['\uFEFF{"jsonrpc":"2.0","id":1,"result":{}}', 'byte-order-mark'],
    ['\uFEFFServer running on stdio', 'text'],
    ['\u00A0{"jsonrpc":"2.0","id":1,"result":{}}', 'glued'],
    ['\t{"jsonrpc":"2.0","id":1,"result":{}}\r', 'message'],
  ];
  for (const [line, kind] of table) assert.equal(readStdioLine(line, never).kind, kind, line);
});

test('our own request, repeated, is no message', () => {
  const body = '{"jsonrpc":"2.0","id":1,"method":"initialize"}';
  assert.equal(readStdioLine(body, (line) => line === body).kind, 'echo');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { consoleText } from './console-text.ts';

test('UTF-16 with and without a byte order mark, UTF-8 with one, and code pages', () => {
  const text = '* Ubuntu  実行中  2\r\n';
  assert.equal(consoleText(Buffer.from(text, 'utf16le')), text);
  assert.equal(consoleText(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])), text);
  assert.equal(consoleText(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text, 'utf8')])), text);
  assert.equal(consoleText(Buffer.from('TCP  127.0.0.1:3000  ABH\x99REN\r\n', 'latin1')), 'TCP  127.0.0.1:3000  ABH\x99REN\r\n');
  assert.equal(consoleText(Buffer.alloc(0)), '');
});

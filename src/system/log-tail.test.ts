import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { decodeLog } from './log-tail.ts';

const LINE = '2026-11-28 10:00:00 [error] [files] spawn npx ENOENT\r\n';

function decoded(bytes: Buffer, head = bytes.subarray(0, 8)): string | null {
  return decodeLog(bytes, head);
}

function wide(text: string, order: 'little' | 'big', mark: boolean): Buffer {
  const bytes = Buffer.from(`${mark ? '\uFEFF' : ''}${text}`, 'utf16le');
  return order === 'little' ? bytes : bytes.swap16();
}

const READABLE: readonly (readonly [string, Buffer])[] = [
  ['UTF-8', Buffer.from(LINE)],
  ['UTF-8 with a mark', Buffer.from(`\uFEFF${LINE}`)],
  ['UTF-16, little', wide(LINE, 'little', true)],
  ['UTF-16, big', wide(LINE, 'big', true)],
  ['UTF-16 without a mark, as in the middle of a file', wide(LINE.repeat(50), 'little', false)],
  ['zeros before the text, of a file set aside in advance', Buffer.concat([Buffer.alloc(100_000), Buffer.from(LINE)])],
  ['colours', Buffer.from(`\u001b[31m${LINE}\u001b[0m`)],
  ['Latin 1', Buffer.from(`${LINE}Zugriff verweigert: Datei f\u00fcr \u00c4nderungen gesperrt\n`, 'latin1')],
  ['code page 932', Buffer.concat([Buffer.from(LINE), Buffer.from([0x83, 0x47, 0x83, 0x89, 0x81, 0x5b, 0x0a])])],
  ['Chinese in UTF-8', Buffer.from(`${LINE}连接失败: 由于目标计算机积极拒绝,无法连接。\n`)],
];

for (const [title, bytes] of READABLE) {
  test(`is read: ${title}`, () => {
    const text = decoded(bytes);
    assert.ok(text !== null);
    assert.match(text, /spawn npx ENOENT/);
    assert.doesNotMatch(text, /\uFEFF/);
  });
}

test('the mark at the beginning decides for a part from the end', () => {
  const whole = wide(`${'连接失败'.repeat(200)}${LINE}`, 'big', true);
  assert.match(decoded(whole.subarray(whole.length - 200), whole.subarray(0, 8)) ?? '', /失败.*spawn npx ENOENT/s);
});

test('a program and packed data are no text', () => {
  assert.equal(decoded(readFileSync(process.execPath).subarray(0, 100_000)), null);
  assert.equal(decoded(gzipSync(Buffer.from(Array.from({ length: 4000 }, (_, index) => (index * 7919) % 256)))), null);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readExposed, readPort } from './ports.ts';

/** `ADDRESS:HOST:INNER/PROTOCOL` of each port. */
function read(entry: unknown): readonly string[] {
  return readPort(entry, []).map(({ address, host, inner, protocol }) => `${address ?? '*'}:${host ?? '?'}:${inner}/${protocol}`);
}

test('every form of a published port', () => {
  const table: readonly (readonly [unknown, readonly string[]])[] = [
    ['8080:3000', ['*:8080:3000/tcp']],
    [3000, ['*:?:3000/tcp']],
    ['3000', ['*:?:3000/tcp']],
    ['127.0.0.1:8080:3000', ['127.0.0.1:8080:3000/tcp']],
    ['127.0.0.1::3000', ['127.0.0.1:?:3000/tcp']],
    ['[::1]:8080:3000', ['::1:8080:3000/tcp']],
    ['0.0.0.0:8080:3000', ['*:8080:3000/tcp']],
    ['8080:3000/udp', ['*:8080:3000/udp']],
    ['8080-8081:3000-3001', ['*:8080:3000/tcp', '*:8081:3001/tcp']],
    ['8080-8090:3000', ['*:?:3000/tcp']],
    ['${PORT:-8080}:3000', ['*:8080:3000/tcp']],
    ['${PORT}:3000', []],
    [{ target: 3000, published: '8080', host_ip: '127.0.0.1' }, ['127.0.0.1:8080:3000/tcp']],
    [{ target: 3000 }, ['*:?:3000/tcp']],
    ['nonsense', []],
    [null, []],
  ];
  for (const [entry, expected] of table) assert.deepEqual(read(entry), expected, JSON.stringify(entry));
});

test('exposed ports', () => {
  assert.deepEqual(['3000', 3000, '3000/tcp', '53/udp', 'x'].flatMap(readExposed), [3000, 3000, 3000]);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromInput, readPort } from './targets.ts';

const PORTS: readonly (readonly [string, string, number])[] = [
  ['tcp://localhost:5432', 'localhost', 5432],
  ['TCP://DB.Example:1/', 'db.example', 1],
  ['tcp://[::1]:65535', '::1', 65535],
  ['tcp://10.0.0.1:80', '10.0.0.1', 80],
];

for (const [word, host, port] of PORTS) test(`${word}`, () => assert.deepEqual(readPort(word).what, { kind: 'port', host, port }));

for (const word of [
  'tcp://',
  'tcp://host',
  'tcp://host:',
  'tcp://:80',
  'tcp://host:80/path',
  'tcp://u:p@host:80',
  'tcp://::1:80',
  'tcp://[::1]',
]) {
  test(`no port: ${word}`, () => assert.throws(() => readPort(word), { code: 'invalid-url' }));
}

test('ports end at 65535', () => {
  for (const port of [0, 65_536]) assert.throws(() => readPort(`tcp://host:${port}`), { code: 'invalid-port' });
});

test('what is shown of a target has no secret', async () => {
  const { display, secrets } = await fromInput(
    { url: 'http://user:hunter22@host/mcp?key=sesame42', headers: { 'X-Key': 'swordfish' } },
    {},
  );
  assert.doesNotMatch(display, /hunter22|sesame42/);
  for (const secret of ['hunter22', 'sesame42', 'swordfish']) assert.ok(secrets.includes(secret));
});

test("a target's own header wins over one for all", async () => {
  const { what } = await fromInput({ url: 'http://host/mcp', headers: { 'x-a': '1' } }, { 'X-B': '2' });
  assert.ok(what.kind === 'http');
  assert.deepEqual(what.input.headers, { 'X-B': '2', 'x-a': '1' });
});

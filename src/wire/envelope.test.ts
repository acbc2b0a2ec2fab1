import assert from 'node:assert/strict';
import { test } from 'node:test';
import { idOf, idText, messageOf, readEnvelope, valueAt, withId } from './envelope.ts';

function read(text: string) {
  return readEnvelope(Buffer.from(text));
}

test('kinds of messages are told by their members', () => {
  assert.equal(read('{"jsonrpc":"2.0","id":0,"method":"ping"}').kind, 'request');
  assert.equal(read('{"jsonrpc":"2.0","id":null,"method":"ping"}').kind, 'request');
  assert.equal(read('{"method":"notifications/initialized"}').kind, 'notification');
  assert.equal(read('{"id":"a","result":[]}').kind, 'response');
  assert.equal(read('{"id":null,"error":{"code":-32000}}').kind, 'response');
  assert.equal(read(' [ {"id":1,"method":"ping"} ] ').kind, 'batch');
  for (const text of [
    '',
    'hello',
    '{}',
    '{"id":1}',
    '{"id":1,"method":"x"',
    '{"id":1,"method":"x"} x',
    '[1',
    '{"method":5,"id":1}',
    '"x"',
    '{"a',
  ])
    assert.equal(read(text).kind, 'invalid', text);
});

test('members are those of the outermost object, the last of a name', () => {
  const one = read('{"params":{"id":9,"method":"no","t":"}\\"]\\\\"},"id":1,"x":[{"id":2}],"method":"tools\\/call","id":3}');
  assert.equal(one.id, '3');
  assert.equal(one.method, 'tools/call');
  assert.deepEqual(valueAt(one, one.paramsAt), { id: 9, method: 'no', t: '}"]\\' });
});

test('ids: type and every digit count', () => {
  assert.equal(read('{"id":1,"result":1}').id, '1');
  assert.equal(read('{"id":"1","result":1}').id, '"1"');
  assert.equal(read('{"id":9007199254740993,"result":1}').id, '9007199254740993');
  assert.equal(read('{"id":1e2,"result":1}').id, read('{"id":100,"result":1}').id);
  assert.equal(read('{"id":"\\u0061","result":1}').id, '"a"');
  assert.equal(idOf('a'), '"a"');
  assert.equal(idOf(7), '7');
  assert.equal(idOf({}), null);
});

test('an id is replaced and nothing else', () => {
  const text = '{ "jsonrpc" : "2.0", "result":{"big":12345678901234567890, "id":1.0}, "id" : 1.50 , "extra":[ ] }';
  assert.equal(withId(read(text), '"x"').bytes.toString(), text.replace('1.50', '"x"'));
  assert.equal(idText(read(text)), '1.50');
  assert.equal(read(text).bytes.toString(), text);
});

test('line breaks between tokens become spaces, those inside strings are escapes and stay', () => {
  const one = read('{\r\n  "id": 1,\n  "result": "a\\nb"\n}\n');
  assert.equal(one.bytes.toString(), '{    "id": 1,   "result": "a\\nb" }');
  assert.equal(valueAt(one, one.resultAt), 'a\nb');
});

test('own messages', () => {
  assert.equal(messageOf({ jsonrpc: '2.0', id: 'a', method: 'ping' }).id, '"a"');
});

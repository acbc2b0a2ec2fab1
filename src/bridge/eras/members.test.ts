import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readEnvelope } from '../../wire/envelope.ts';
import { changedObject, elementsAt, memberAt, withMeta, withParams } from './members.ts';

const whole = (bytes: Buffer) => ({ start: 0, end: bytes.length });
const read = (text: string) => readEnvelope(Buffer.from(text));

test('changing members of any object gives what changing its value gives', () => {
  const key = fc.oneof(fc.constantFrom('a', 'b', '_meta', '"', '\\', 'é', 'constructor', '__proto__'), fc.string());
  const object = fc.dictionary(key, fc.jsonValue());
  fc.assert(
    fc.property(object, fc.dictionary(key, fc.option(fc.jsonValue())), fc.constantFrom(undefined, 1), (value, changes, space) => {
      const bytes = Buffer.from(JSON.stringify(value, null, space));
      const texts = Object.fromEntries(Object.entries(changes).map(([name, one]) => [name, one === null ? null : JSON.stringify(one)]));
      const expected = Object.fromEntries(Object.entries({ ...value, ...changes }).filter(([name]) => texts[name] !== null));
      assert.deepEqual(JSON.parse(changedObject(bytes, whole(bytes), texts).toString()), JSON.parse(JSON.stringify(expected)));
    }),
  );
});

test('the elements of any array are found', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), fc.constantFrom(undefined, 1), (values, space) => {
      const bytes = Buffer.from(JSON.stringify(values, null, space));
      const found = elementsAt(bytes, whole(bytes))?.map(({ start, end }) => JSON.parse(bytes.toString('utf8', start, end)) as unknown);
      assert.deepEqual(found, JSON.parse(JSON.stringify(values)));
    }),
  );
});

test('of a key that stands twice the last counts, and a change leaves one', () => {
  const bytes = Buffer.from('{"a":1,"b":2,"a":3}');
  const at = memberAt(bytes, whole(bytes), 'a');
  assert.equal(bytes.toString('utf8', at?.start, at?.end), '3');
  assert.equal(changedObject(bytes, whole(bytes), { a: '4' }).toString(), '{"a":4,"b":2}');
});

test('params and _meta are made where they are missing, and params that are no object stay', () => {
  assert.equal(withMeta(read('{"id":1,"method":"x"}'), { k: '1' }).bytes.toString(), '{"id":1,"method":"x","params":{"_meta":{"k":1}}}');
  assert.equal(withMeta(read('{"id":1,"method":"x"}'), { k: null }).bytes.toString(), '{"id":1,"method":"x"}');
  assert.equal(withParams(read('{"id":1,"method":"x","params":[1]}'), { k: '1' }).bytes.toString(), '{"id":1,"method":"x","params":[1]}');
});

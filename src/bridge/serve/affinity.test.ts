import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageOf } from '../../wire/envelope.ts';
import { createAffinity } from './affinity.ts';

const request = (id: number | string, token?: number | string) =>
  messageOf({ jsonrpc: '2.0', id, method: 'tools/call', params: token === undefined ? {} : { _meta: { progressToken: token } } });
const progress = (progressToken: number | string) =>
  messageOf({ jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken } });
const notification = (method: string) => messageOf({ jsonrpc: '2.0', method });

test('responses go by their id, progress by its token, whatever else runs', () => {
  const affinity = createAffinity();
  affinity.asked(request(1, 'one'));
  affinity.asked(request('1', 1));
  assert.equal(affinity.of(progress('one')), '1');
  assert.equal(affinity.of(progress(1)), '"1"');
  assert.equal(affinity.of(progress('other')), null);
  assert.equal(affinity.of(messageOf({ jsonrpc: '2.0', id: 1, result: {} })), '1');
  assert.equal(affinity.of(progress('one')), null, 'it is over');
  assert.equal(affinity.of(messageOf({ jsonrpc: '2.0', id: 1, result: {} })), null, 'answered twice');
});

test('the rest goes with the only request that runs', () => {
  const affinity = createAffinity();
  assert.equal(affinity.of(notification('notifications/message')), null);
  affinity.asked(request(0));
  assert.equal(affinity.of(notification('notifications/message')), '0');
  assert.equal(affinity.of(messageOf({ jsonrpc: '2.0', id: 5, method: 'sampling/createMessage' })), '0');
  assert.equal(affinity.of(notification('notifications/tools/list_changed')), null);
  assert.equal(affinity.of(notification('notifications/resources/updated')), null);
  affinity.asked(request(1));
  assert.equal(affinity.of(notification('notifications/message')), null);
});

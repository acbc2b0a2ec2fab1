import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inNetwork, isIPv4Literal, isIPv6Literal, isPrivateAddress, isSameAddress } from './addresses.ts';

test('networks contain their addresses and no others', () => {
  assert.ok(inNetwork('10.255.0.1', '10.0.0.0', 8));
  assert.ok(inNetwork('10.0.0.1', '192.0.2.1', 0));
  assert.ok(inNetwork('fd12::1', 'fd00::', 8));
  assert.ok(!inNetwork('11.0.0.1', '10.0.0.0', 8));
  assert.ok(!inNetwork('::1', 'fd00::', 8));
});

test('what is no network contains nothing', () => {
  for (const bits of [-1, 33, 1.5, Number.NaN]) assert.ok(!inNetwork('10.0.0.1', '10.0.0.1', bits), String(bits));
  for (const text of ['', 'corp', '10.0.0', '[::1]']) {
    assert.ok(!inNetwork('10.0.0.1', text, 0), text);
    assert.ok(!inNetwork(text, '10.0.0.1', 0), text);
  }
});

test('an address is the same however it is written', () => {
  assert.ok(isSameAddress('::1', '0:0:0:0:0:0:0:1'));
  assert.ok(isSameAddress('fd00::a', 'FD00::A'));
  assert.ok(!isSameAddress('127.0.0.1', '127.0.0.2'));
  assert.ok(!isSameAddress('localhost', 'localhost'));
});

test('literals of the two families', () => {
  assert.deepEqual(['127.0.0.1', '::1', 'localhost', '[::1]'].filter(isIPv4Literal), ['127.0.0.1']);
  assert.deepEqual(['127.0.0.1', '::1', 'localhost', '[::1]'].filter(isIPv6Literal), ['::1']);
});

test('addresses that nobody outside a private network has', () => {
  for (const own of ['10.1.2.3', '172.31.0.1', '192.168.1.1', '169.254.9.9', 'fd77::1', 'fe80::1'])
    assert.equal(isPrivateAddress(own), true, own);
  for (const outside of ['172.32.0.1', '8.8.8.8', '2001:db8::1', 'name']) assert.equal(isPrivateAddress(outside), false, outside);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { harms, weakens } from './advice.ts';

test('advice that weakens security is recognised', () => {
  for (const text of [
    'Set NODE_TLS_REJECT_UNAUTHORIZED=0.',
    'curl -k https://localhost:3000/mcp',
    'curl -sk https://localhost:3000/mcp',
    'npx inspector --insecure',
    'Disable the firewall and try again.',
    'sudo ufw disable',
  ]) {
    assert.notEqual(weakens(text), null, text);
  }
  assert.notEqual(harms({ kind: 'tell', title: 'Make the server listen on 0.0.0.0.' }), null);
  assert.notEqual(harms({ kind: 'run', title: 'Start it again', command: 'serve --host 0.0.0.0' }), null);
  assert.notEqual(harms({ kind: 'edit', title: 'Change the address', field: 'url', value: 'http://[::]:3000/mcp' }), null);
});

test('sound advice passes', () => {
  for (const text of [
    'curl -sS http://127.0.0.1:3000/mcp',
    'Allow port 3000 in the firewall for this network only.',
    'kill -9 is not needed',
  ]) {
    assert.equal(weakens(text), null, text);
  }
  assert.equal(harms({ kind: 'tell', title: 'Use 127.0.0.1 instead of 0.0.0.0.' }), null);
  assert.equal(harms({ kind: 'edit', title: 'Replace 0.0.0.0 by 127.0.0.1', field: 'url', value: 'http://127.0.0.1:3000/mcp' }), null);
  assert.equal(harms({ kind: 'set', title: 'Trust this CA', variable: 'NODE_EXTRA_CA_CERTS', value: '/etc/ca.pem' }), null);
});

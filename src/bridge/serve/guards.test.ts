import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createGuard, type GuardOptions } from './guards.ts';

const LOCAL: GuardOptions = { host: null, allowedHosts: [], allowedOrigins: [], token: null };

function status(options: GuardOptions, host: string | undefined, origin?: string, authorization?: string): number {
  const admission = createGuard(options)({ host, origin, authorization });
  return admission.kind === 'admitted' ? 200 : admission.status;
}

test('on loopback only names of this machine are answered', () => {
  for (const host of ['localhost:8808', '127.0.0.1:8808', '[::1]:8808', 'LOCALHOST']) assert.equal(status(LOCAL, host), 200, host);
  for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example:8808', '192.168.1.5', '', undefined])
    assert.equal(status(LOCAL, host), 403, host);
  assert.equal(status({ ...LOCAL, allowedHosts: ['mcp.internal'] }, 'mcp.internal:8808'), 200);
});

test('pages of other origins are turned away', () => {
  assert.equal(status(LOCAL, 'localhost', 'http://localhost:5173'), 200);
  for (const origin of ['http://evil.example', 'null', 'http://localhost.evil.example', 'http://evil.example/#localhost'])
    assert.equal(status(LOCAL, 'localhost', origin), 403, origin);
  assert.equal(status({ ...LOCAL, allowedOrigins: ['https://app.example.com/'] }, 'localhost', 'https://app.example.com'), 200);
});

test('on a wider address a name is believed only with a token', () => {
  const wide = { ...LOCAL, host: '0.0.0.0' };
  assert.equal(status(wide, '192.168.1.5:8808'), 200);
  assert.equal(status(wide, 'rebound.evil.example'), 403);
  assert.equal(status({ ...wide, token: 'abcd' }, 'mcp.example.com'), 401);
  assert.equal(status({ ...wide, token: 'abcd' }, 'mcp.example.com', undefined, 'bearer abcd'), 200);
  assert.equal(status({ ...wide, token: 'abcd' }, 'mcp.example.com', undefined, 'Basic abcd'), 401);
});

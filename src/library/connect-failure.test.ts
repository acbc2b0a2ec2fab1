import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { causeOf, readFailure } from './connect-failure.ts';

const NOTHING = { status: null, error: null };

function withCode(code: string | number, more: object = {}): Error {
  return Object.assign(new Error('foreign words'), { code, ...more });
}

function fetchFailed(cause: unknown): Error {
  return new TypeError('fetch failed', { cause });
}

function read(error: unknown) {
  const { kind, retry } = readFailure(error, NOTHING);
  return [kind, retry];
}

describe('what waiting can heal', () => {
  for (const [code, kind] of [
    ['ECONNREFUSED', 'refused'],
    ['ECONNRESET', 'reset'],
    ['UND_ERR_SOCKET', 'reset'],
    ['EHOSTUNREACH', 'unreachable'],
    ['ENETUNREACH', 'unreachable'],
    ['ETIMEDOUT', 'timed-out'],
    ['ENOTFOUND', 'name-not-found'],
    ['EAI_AGAIN', 'name-not-found'],
  ] as const) {
    it(`${code} below "fetch failed"`, () => assert.deepEqual(read(fetchFailed(withCode(code))), [kind, true]));
  }

  it('both addresses refused', () => {
    const both = Object.assign(new AggregateError([withCode('ECONNREFUSED'), withCode('ECONNREFUSED')]), { code: 'ECONNREFUSED' });
    assert.deepEqual(read(fetchFailed(both)), ['refused', true]);
  });

  it('no IPv6 here, and refused over IPv4', () => {
    assert.deepEqual(read(fetchFailed(new AggregateError([withCode('EADDRNOTAVAIL'), withCode('ECONNREFUSED')]))), ['refused', true]);
  });

  it("refused below v2's failed negotiation", () => {
    const error = withCode('ERA_NEGOTIATION_FAILED', { data: { cause: fetchFailed(withCode('ECONNREFUSED')) } });
    assert.deepEqual(read(error), ['refused', true]);
  });

  for (const status of [429, 502, 503, 504]) {
    it(`HTTP ${status} from either SDK`, () => {
      assert.deepEqual(read(withCode(status)), ['status', true]);
      assert.deepEqual(read(withCode('CLIENT_HTTP_NOT_IMPLEMENTED', { status })), ['status', true]);
    });
  }

  it("the SDKs' own time limits", () => {
    assert.deepEqual(read(withCode(-32001, { data: { timeout: 60_000 } })), ['timed-out', true]);
    assert.deepEqual(read(withCode('REQUEST_TIMEOUT')), ['timed-out', true]);
  });
});

describe('what waiting cannot heal', () => {
  for (const status of [301, 400, 401, 403, 404, 405, 500, 501]) {
    it(`HTTP ${status}`, () => {
      assert.deepEqual(read(withCode(status)), ['status', false]);
      assert.deepEqual(read(withCode('CLIENT_HTTP_AUTHENTICATION', { status })), ['status', false]);
    });
  }

  for (const code of ['DEPTH_ZERO_SELF_SIGNED_CERT', 'ERR_TLS_CERT_ALTNAME_INVALID', 'CERT_HAS_EXPIRED', 'ERR_SSL_WRONG_VERSION_NUMBER']) {
    it(code, () => assert.deepEqual(read(fetchFailed(withCode(code))), ['tls', false]));
  }

  it('a certificate that is refused on one address, while the other refuses to connect', () => {
    assert.deepEqual(read(new AggregateError([withCode('ECONNREFUSED'), withCode('CERT_HAS_EXPIRED')])), ['tls', false]);
  });

  it('answers that are no MCP, and errors of the server', () => {
    assert.deepEqual(read(new SyntaxError('Unexpected token')), ['other', false]);
    assert.deepEqual(read(withCode(-1)), ['other', false]);
    assert.deepEqual(read(withCode(-32001)), ['other', false]);
    assert.deepEqual(read('a string'), ['other', false]);
  });

  it('ends on an error that is its own cause', () => {
    const error = new Error('round');
    error.cause = error;
    assert.deepEqual(read(error), ['other', false]);
  });
});

describe('an error that lost its cause', () => {
  it('is read from what its request was rejected with', () => {
    const failure = readFailure(new Error('SSE error'), { status: null, error: fetchFailed(withCode('ECONNREFUSED')) });
    assert.deepEqual([failure.kind, failure.code, failure.retry], ['refused', 'ECONNREFUSED', true]);
  });

  it('is read from the status, unless that was good', () => {
    assert.equal(readFailure(new Error('x'), { status: 503, error: null }).retry, true);
    assert.equal(readFailure(new Error('x'), { status: 200, error: null }).kind, 'other');
  });
});

it('names the cause a failure speaks for', () => {
  const cause = (error: unknown) => causeOf(readFailure(error, NOTHING));
  assert.equal(cause(withCode('ECONNREFUSED')), 'server-not-running');
  assert.equal(cause(withCode(401)), 'auth-required');
  assert.equal(cause(withCode(503)), 'upstream-down');
  assert.equal(cause(withCode('DEPTH_ZERO_SELF_SIGNED_CERT')), 'tls-self-signed');
  assert.equal(cause(withCode('SELF_SIGNED_CERT_IN_CHAIN')), 'tls-unknown-ca');
  assert.equal(cause(withCode('ENOTFOUND')), 'dns-failure');
});

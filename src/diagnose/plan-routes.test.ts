import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Evidence } from '../model/evidence.ts';
import { attempt, DIRECT, evidence, failed, names, proxy, ready, target, tcp, tls, unfinished } from '../model/examples.ts';
import { sizeLimitOf } from '../model/routes-view.ts';
import { routes } from '../model/routes-examples.ts';
import { nextProbes } from './plan.ts';

const FAR = target('http://203.0.113.9:3000/mcp');
const isPlanned = (seen: Evidence) => nextProbes(seen, { patienceMs: 0, start: false }).includes('routes');
const hang = (stage: 'connect' | 'head') => unfinished([failed('initialize', { stage, reason: 'timed-out', ms: 30_000 })]);
const open = tcp(attempt('203.0.113.9', 'open'));
const nameless = { ...names(), error: 'EAI_AGAIN' };
const resolver = (server: string, error: string | null) => ({
  servers: [server],
  answers: [{ record: 'A' as const, addresses: [], error }],
  ms: 1500,
});

const TABLE: readonly (readonly [boolean, string, Evidence])[] = [
  [true, 'a silent host', evidence(FAR, { tcp: tcp(attempt('203.0.113.9', 'timed-out')) })],
  [true, 'an unreachable host', evidence(FAR, { tcp: tcp(attempt('203.0.113.9', 'unreachable')) })],
  [true, 'an open port that stays silent', evidence(FAR, { tcp: open, direct: hang('head') })],
  [
    true,
    'an unanswered TLS greeting',
    evidence(target('https://203.0.113.9:3000/mcp'), { tcp: open, tls: tls({ outcome: { kind: 'timed-out' }, chain: [], trusted: null }) }),
  ],
  [
    true,
    'silent name servers elsewhere',
    evidence(target('http://mcp.corp.test/mcp'), { dns: nameless, resolver: resolver('10.8.0.53', 'ETIMEOUT') }),
  ],
  [false, 'a server that works', evidence(FAR, { tcp: open, direct: ready() })],
  [false, 'a refusal', evidence(FAR, { tcp: tcp(attempt('203.0.113.9', 'refused')) })],
  [
    false,
    'a refusal beside a family without a route',
    evidence(target('http://mcp.corp.test:3000/mcp'), {
      dns: names('2001:db8::9', '203.0.113.9'),
      tcp: tcp(attempt('2001:db8::9', 'unreachable'), attempt('203.0.113.9', 'refused')),
    }),
  ],
  [false, 'this machine', evidence(target('http://127.0.0.1:3000/mcp'), { tcp: tcp(attempt('127.0.0.1', 'timed-out')) })],
  [
    false,
    'an address of this machine',
    evidence(target('http://192.168.1.20:3000/mcp'), { tcp: tcp(attempt('192.168.1.20', 'timed-out')) }),
  ],
  [
    false,
    'a target behind a proxy',
    evidence(FAR, { tcp: tcp(attempt('203.0.113.9', 'timed-out')), proxy: proxy({ ...DIRECT, proxy: 'http://proxy.corp.test:3128' }) }),
  ],
  [
    false,
    'a name that does not exist',
    evidence(target('http://mcp.corp.test/mcp'), { dns: { ...names(), error: 'ENOTFOUND' }, resolver: resolver('10.8.0.53', 'ENOTFOUND') }),
  ],
  [
    false,
    'a silent stub resolver of this machine',
    evidence(target('http://mcp.corp.test/mcp'), { dns: nameless, resolver: resolver('127.0.0.53', 'ETIMEOUT') }),
  ],
];

for (const [expected, title, seen] of TABLE) {
  it(`${expected ? 'looks routes up' : 'leaves routes alone'} for ${title}`, () => {
    assert.equal(isPlanned(seen), expected);
  });
}

it('tells the length at which packets begin to be lost, and nothing from mixed or silent trials', () => {
  const limit = (...answered: readonly boolean[]) => {
    const sizes = answered.map((one, index) => ({ bytes: (index + 1) * 100, answered: one, ms: 1 }));
    return sizeLimitOf(evidence(FAR, { routes: routes([], [], { sizes }) }));
  };
  assert.deepEqual(limit(true, true, false, false), { passes: 200, lost: 300 });
  assert.equal(limit(true, true, true), undefined);
  assert.equal(limit(false, false), undefined);
  assert.equal(limit(true, false, true), undefined);
  assert.equal(limit(), undefined);
});

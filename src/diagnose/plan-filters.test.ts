import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Evidence } from '../model/evidence.ts';
import { attempt, evidence, failed, listener, machine, names, ready, target, tcp, unfinished } from '../model/examples.ts';
import { nextProbes } from './plan.ts';

const HERE = target('http://127.0.0.1:3000/mcp');
const FAR = target('http://203.0.113.9:3000/mcp');
const isPlanned = (seen: Evidence) => nextProbes(seen, { patienceMs: 5000, start: false }).includes('filters');
const hang = unfinished([failed('initialize', { stage: 'head', reason: 'timed-out', ms: 30_000 })]);
const here = (outcome: Parameters<typeof attempt>[1], ...sockets: Parameters<typeof machine>) => ({
  tcp: tcp(attempt('127.0.0.1', outcome)),
  machine: machine(...sockets),
});

const TABLE: readonly (readonly [boolean, string, Evidence])[] = [
  [false, 'a refused port on which nobody listens', evidence(HERE, here('refused'))],
  [false, 'a refused port with a listener at another address', evidence(HERE, here('refused', listener('192.168.1.20')))],
  [false, 'a refused port of which the listeners are not known yet', evidence(HERE, { tcp: tcp(attempt('127.0.0.1', 'refused')) })],
  [true, 'a refused port on which somebody listens', evidence(HERE, here('refused', listener('127.0.0.1')))],
  [true, 'a refused port with a listener at every address', evidence(HERE, here('refused', listener('0.0.0.0')))],
  [true, 'a silent port of this machine', evidence(HERE, here('timed-out'))],
  [true, 'a refusing other machine', evidence(FAR, { tcp: tcp(attempt('203.0.113.9', 'refused')) })],
  [true, 'a silent other machine', evidence(FAR, { tcp: tcp(attempt('203.0.113.9', 'timed-out')) })],
  [true, 'a forbidden connection', evidence(FAR, { tcp: tcp(attempt('203.0.113.9', 'not-permitted')) })],
  [false, 'a server that works', evidence(HERE, { ...here('open', listener('127.0.0.1')), direct: ready() })],
  [true, 'an open port that stays silent', evidence(HERE, { ...here('open', listener('127.0.0.1')), direct: hang })],
  [false, 'an open port whose answer is still awaited', evidence(HERE, here('open', listener('127.0.0.1')))],
  [
    true,
    'one refused family of a server that works',
    evidence(target(), {
      dns: names('::1', '127.0.0.1'),
      tcp: tcp(attempt('::1', 'refused'), attempt('127.0.0.1', 'open')),
      machine: machine(listener('::1'), listener('127.0.0.1')),
      direct: ready(),
    }),
  ],
  [false, 'another system', evidence(HERE, here('timed-out'), { platform: 'freebsd' })],
];

for (const [expected, title, seen] of TABLE) {
  it(`${expected ? 'reads packet filters' : 'leaves packet filters alone'} for ${title}`, () => {
    assert.equal(isPlanned(seen), expected);
  });
}

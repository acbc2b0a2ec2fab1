import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { parseApplicationFirewall } from './darwin-application-firewall.ts';
import { evaluatePf, evaluatePfLoopback, type PfConnection, type PfVerdict } from './darwin-pf-evaluate.ts';
import { parsePfRules, parsePfSkipped, parsePfStatus, parseServices } from './darwin-pf-parse.ts';

const recorded = (name: string) => readFileSync(`test/recorded/packet-filters/${name}`, 'utf8');
const RULES = parsePfRules(recorded('pf-rules.txt'));
const SANDBOX = parsePfRules(recorded('pf-rules-loopback.txt'));

const packet = (more: Partial<PfConnection>): PfConnection => ({
  source: '192.168.1.30',
  sourcePort: 50_000,
  destination: '192.168.1.20',
  port: 3000,
  interface: 'en0',
  userId: 501,
  ...more,
});

const shown = (verdict: PfVerdict) =>
  verdict.kind === 'blocks' ? `${verdict.reply} ${verdict.direction}: ${verdict.rule.text}` : verdict.kind;

describe('pf of macOS', () => {
  test('the rules with their anchors; no line is strange', () => {
    assert.deepEqual(RULES.strange, []);
    assert.deepEqual(
      RULES.rules.map((one) => (one.kind === 'anchor' ? `${one.name} ${one.rules?.length}` : one.action)),
      ['com.apple/* 2', 'com.controld.ctrld 1', 'block', 'pass', 'pass', 'pass', 'pass', 'block', 'pass', 'block', 'pass'],
    );
  });

  test('the last match wins, quick ends the search, and a rule for another port stays silent', () => {
    assert.equal(shown(evaluatePf(RULES, packet({}), 'in')), 'drop in: block drop in all');
    assert.equal(shown(evaluatePf(RULES, packet({ port: 443 }), 'in')), 'passes');
    assert.equal(
      shown(evaluatePf(RULES, packet({ port: 443, source: '203.0.113.44' }), 'in')),
      'drop in: block drop in quick inet proto tcp from 203.0.113.44 to any',
    );
    assert.equal(shown(evaluatePf(RULES, packet({ port: 3306, source: '10.1.2.3' }), 'in')), 'passes');
    const away = packet({ source: '192.168.1.20', destination: '198.51.100.7', port: 8001 });
    assert.match(shown(evaluatePf(RULES, away, 'out')), /^drop out: .*8000:8001 label "no-egress"$/);
    assert.equal(shown(evaluatePf(RULES, { ...away, port: 8002 }, 'out')), 'passes');
  });

  test('a rule for one user on loopback: a reset for that user, nothing for another, unknown for an unknown one', () => {
    const local = packet({ source: '127.0.0.1', destination: '127.0.0.1', interface: 'lo0', userId: 502 });
    assert.equal(shown(evaluatePfLoopback(SANDBOX, local)), 'return out: block return quick on lo0 inet proto tcp all user = 502');
    assert.equal(shown(evaluatePfLoopback(SANDBOX, { ...local, port: 7801 })), 'passes');
    assert.equal(shown(evaluatePfLoopback(SANDBOX, { ...local, userId: 501 })), 'passes');
    assert.equal(shown(evaluatePfLoopback(SANDBOX, { ...local, userId: null })), 'unknown');
    assert.equal(shown(evaluatePf(SANDBOX, { ...local, interface: 'en0' }, 'out')), 'passes');
  });

  test('tables, anchors that were not shown, and strange lines leave it open, unless a later rule decides', () => {
    const of = (text: string) => shown(evaluatePf(parsePfRules(text), packet({}), 'in'));
    assert.equal(of('block drop in proto tcp from <bad> to any\n'), 'unknown');
    assert.equal(of('block drop in proto tcp from <bad> to any\npass in all\n'), 'passes');
    assert.equal(of('block drop in quick proto tcp from <bad> to any\npass in all\n'), 'unknown');
    assert.equal(of('anchor "com.apple/*" all\n'), 'unknown');
    assert.equal(of('anchor "com.apple/*" all\npass in quick all\n'), 'unknown');
    assert.equal(of('veto in all\n'), 'unknown');
    assert.equal(of(''), 'passes');
    // What was cut off may say otherwise.
    assert.equal(evaluatePf({ ...parsePfRules('pass in all\n'), truncated: true }, packet({}), 'in').kind, 'unknown');
  });

  test('flags of later packets, other protocols and families do not concern a connection that opens', () => {
    const of = (text: string) => shown(evaluatePf(parsePfRules(text), packet({}), 'in'));
    assert.equal(of('block drop in quick proto tcp all flags R/R\n'), 'passes');
    assert.equal(of('block drop in quick proto udp all\nblock drop in quick inet6 all\nblock drop in quick on ! en0 all\n'), 'passes');
    assert.equal(
      of('block return-icmp(port-unr) in quick proto { udp tcp } from any to ! 10.0.0.0/8 port >= 3000\n').slice(0, 9),
      'return in',
    );
  });

  test('ports by name', () => {
    const services = parseServices(recorded('../linux/tcp.txt') + 'hbci            3000/tcp    # HBCI\nhbci 3000/udp\n');
    const verdict = evaluatePf(parsePfRules('block drop in proto tcp from any to any port = hbci\n', services), packet({}), 'in');
    assert.equal(verdict.kind, 'blocks');
    assert.equal(evaluatePf(parsePfRules('block drop in proto tcp from any to any port = hbci\n'), packet({}), 'in').kind, 'unknown');
  });

  test('status and interfaces; permission denied says nothing', () => {
    assert.equal(parsePfStatus(recorded('pf-status-enabled.txt')), true);
    assert.equal(parsePfStatus(recorded('pf-status-disabled.txt')), false);
    assert.equal(parsePfStatus('pfctl: /dev/pf: Permission denied\n'), null);
    assert.deepEqual(parsePfSkipped(recorded('pf-interfaces.txt')), ['lo0']);
  });
});

describe('the application firewall of macOS', () => {
  test('in the wordings of several versions', () => {
    const newer = parseApplicationFirewall(recorded('application-firewall-15.txt'));
    assert.deepEqual([newer?.state, newer?.blocksAll, newer?.programs.length], [1, false, 4]);
    const older = parseApplicationFirewall(recorded('application-firewall-12.txt'));
    assert.deepEqual(
      [older?.state, older?.blocksAll, older?.programs],
      [
        1,
        false,
        [
          { path: '/Applications/Foo.app', isAllowed: true },
          { path: '/usr/local/bin/bar', isAllowed: false },
        ],
      ],
    );
    assert.equal(parseApplicationFirewall('Firewall is blocking all non-essential incoming connections. (State = 2)')?.blocksAll, true);
    assert.equal(
      parseApplicationFirewall('Firewall is enabled. (State = 1)\nFirewall has block all state set to enabled.\n')?.blocksAll,
      true,
    );
    assert.equal(parseApplicationFirewall(''), null);
  });
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { evaluateWindows, type WindowsConnection } from './windows-evaluate.ts';
import { activeProfiles, parseWindowsFirewall } from './windows-parse.ts';

const recorded = (name: string) => readFileSync(`test/recorded/packet-filters/${name}`).toString('latin1');
const NODE = 'C:\\Program Files\\nodejs\\node.exe';
const LOCAL = parseWindowsFirewall(recorded('windows-local.txt'), '');
const MANAGED = parseWindowsFirewall(recorded('windows-local.txt'), recorded('windows-policy.txt'));

function judged(more: Partial<WindowsConnection>, firewall = LOCAL) {
  assert.ok(firewall !== null);
  return evaluateWindows(firewall, {
    direction: 'in',
    localAddress: '192.168.1.20',
    localPort: 3000,
    remoteAddress: '192.168.1.30',
    remotePort: 50_000,
    program: NODE,
    profiles: ['private'],
    isLocal: false,
    environment: { SystemRoot: 'C:\\Windows' },
    ...more,
  });
}

const shown = (verdict: ReturnType<typeof judged>) =>
  verdict.kind === 'unknown' ? 'unknown' : `${verdict.kind} ${verdict.why}${verdict.rule === null ? '' : `: ${verdict.rule.name}`}`;

describe("Windows' firewall in the registry", () => {
  test('profiles and the rules that are switched on', () => {
    assert.deepEqual(LOCAL?.profiles.public, {
      enabled: true,
      blocksInbound: true,
      blocksOutbound: false,
      allowsNoException: false,
      mergesLocalRules: true,
    });
    assert.deepEqual(MANAGED?.profiles.public, {
      enabled: true,
      blocksInbound: true,
      blocksOutbound: true,
      allowsNoException: false,
      mergesLocalRules: false,
    });
    assert.equal(LOCAL?.rules.length, 7);
    assert.deepEqual(MANAGED?.rules.at(-1)?.isPolicy, true);
    const egress = LOCAL?.rules.find(({ name }) => name === 'no egress');
    assert.deepEqual([egress?.remotePorts, egress?.remoteAddresses.length], [['8000-8010', '9000'], 2]);
  });

  test('no output and access denied are no firewall', () => {
    assert.equal(parseWindowsFirewall('', ''), null);
    assert.equal(parseWindowsFirewall('FEHLER: Zugriff verweigert\r\n', ''), null);
  });

  test('a block beats an allow, each in its own profile; without a rule what comes in is blocked', () => {
    assert.equal(shown(judged({})), 'passes rule: Node.js JavaScript Runtime');
    assert.equal(shown(judged({ profiles: ['public'] })), 'blocks rule: Node.js JavaScript Runtime');
    assert.equal(shown(judged({ profiles: ['domain'] })), 'blocks default');
    assert.equal(shown(judged({ program: 'C:\\Python312\\python.exe' })), 'blocks default');
  });

  test('loopback is never filtered', () => {
    assert.equal(shown(judged({ profiles: ['public'], isLocal: true })), 'passes local');
  });

  test('outbound: allowed by default, a rule by address and port, and silent for others', () => {
    const out = (remoteAddress: string, remotePort: number) =>
      shown(judged({ direction: 'out', remoteAddress, remotePort, localPort: null }));
    assert.equal(out('203.0.113.9', 8005), 'blocks rule: no egress');
    assert.equal(out('198.51.100.5', 9000), 'blocks rule: no egress');
    assert.equal(out('198.51.100.10', 9000), 'passes default');
    assert.equal(out('203.0.113.9', 8011), 'passes default');
  });

  test('a rule for packaged apps concerns those only; who is not known may be one', () => {
    const out = (program: string | null) =>
      shown(judged({ direction: 'out', remoteAddress: '192.0.2.1', remotePort: 443, localPort: null, program }));
    assert.equal(out(NODE), 'passes default');
    assert.equal(out('C:\\Program Files\\WindowsApps\\Claude_1.0_x64\\app\\claude.exe'), 'unknown');
    assert.equal(out(null), 'unknown');
  });

  test('the organisation decides: local rules do not count, and only its own port is let out', () => {
    const out = (remotePort: number) =>
      shown(judged({ direction: 'out', remoteAddress: '203.0.113.9', remotePort, localPort: null, profiles: ['public'] }, MANAGED));
    assert.equal(out(443), 'passes rule: Web only');
    assert.equal(out(3000), 'blocks default');
    assert.equal(shown(judged({ profiles: ['public'] }, MANAGED)), 'blocks default');
  });

  test('the categories of the networks are the profiles in force', () => {
    assert.deepEqual(activeProfiles([1, 0, 1, 'x', 7]), ['private', 'public']);
  });
});

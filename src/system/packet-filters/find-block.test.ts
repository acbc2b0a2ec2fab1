import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { FilterTool } from '../../model/filters.ts';
import { toBlock } from './block.ts';
import type { Growth } from './evaluate.ts';
import { findBlocks, growthBetween } from './find-block.ts';
import { parseIptables } from './iptables-parse.ts';
import type { Connection } from './journey.ts';
import { parseNft, parseNftText } from './nft-parse.ts';
import type { Table } from './ruleset.ts';

const recorded = (name: string) => readFileSync(`test/recorded/linux/filters/${name}`, 'utf8');
const nft = (name: string) => parseNft(recorded(`${name}.json`), parseNftText(recorded(`${name}.txt`))) ?? [];
const saved = (name: string, tool: FilterTool) => parseIptables(recorded(name), tool);

const LOCAL: Connection = {
  family: 4,
  source: '127.0.0.1',
  destination: '127.0.0.1',
  port: 3000,
  local: true,
  device: 'lo',
  user: 1000,
  group: 1000,
  clientPorts: { from: 32_768, to: 60_999 },
};
const LOCAL6: Partial<Connection> = { family: 6, source: '::1', destination: '::1' };
const FAR: Partial<Connection> = { source: '10.77.0.1', destination: '10.77.0.2', local: false, device: 'eth0' };

const uncounted: Growth = () => null;

/** What ends the connection, in a few words, and what was not judged. */
function ending(tables: readonly Table[], change: Partial<Connection>, phase: 'connect' | 'data' = 'connect', growth = uncounted): string {
  const connection = { ...LOCAL, ...change };
  const [found] = findBlocks(tables, connection, phase, growth);
  if (found === undefined) return 'passes';
  const { rule, action, how, way, hook, unsure } = toBlock(
    { address: connection.destination, family: connection.family },
    connection.port,
    phase,
    found,
    growth,
  );
  const place = `${rule.table}/${rule.chain} ${rule.handle ?? 'policy'}`;
  return [place, action, how, way === 'answer' ? 'answer' : null, hook, unsure.length > 0 ? 'unsure' : null]
    .filter((part) => part !== null)
    .join(' ');
}

describe('nftables, for a connection to a port of this machine', () => {
  const tables = nft('nft').map((table) => ({ ...table, chains: new Map([...table.chains].filter(([name]) => name !== 'input')) }));
  const rows: readonly (readonly [string, Partial<Connection>, string])[] = [
    ['a set, an owner and an interface', { port: 3000 }, 'office/output 17 reject tcp reset output'],
    ['a range of the set', { port: 4005 }, 'office/output 17 reject tcp reset output'],
    ['another owner', { port: 3000, user: 12_345 }, 'passes'],
    ['an owner that is not known', { port: 3000, user: null }, 'passes'],
    ['another interface', { port: 3000, ...FAR }, 'passes'],
    ['an address and a port together', { port: 3001 }, 'office/output 18 drop output'],
    ['the port with another address', { port: 3001, ...FAR }, 'passes'],
    ['a verdict map', { port: 3002 }, 'office/closed_door 10 reject tcp reset output'],
    ['a verdict map in the rule', { port: 85 }, 'office/closed_door 10 reject tcp reset output'],
    ['a jump', { port: 3003 }, 'office/agents 12 reject icmp admin-prohibited output'],
    ['a limit, which cannot be judged', { port: 3004 }, 'passes'],
    ['UDP only', { port: 3005 }, 'passes'],
    ['an interface with any rest', { port: 3006, ...FAR }, 'office/output 26 drop output'],
    ['an interface that is not known', { port: 3006, ...FAR, device: null }, 'passes'],
    ['an address that is left out', { port: 3007 }, 'passes'],
    ['another address than the one that is left out', { port: 3007, ...FAR }, 'office/output 28 reject icmp host-prohibited output'],
    ['IPv6', { port: 3008, ...LOCAL6 }, 'office/output 29 reject icmpv6 admin-prohibited output'],
    ['a rule for IPv6, and IPv4', { port: 3008 }, 'passes'],
    ['the kind of address', { port: 3009 }, 'office/output 30 drop output'],
    ['the kind of address, of another machine', { port: 3009, ...FAR }, 'passes'],
    ['a mark that nobody set', { port: 60_001 }, 'passes'],
    ['a redirect', { port: 3010 }, 'office/translate 33 move 127.0.0.1:9 output'],
    ['another destination', { port: 3011 }, 'office/translate 34 move 127.0.0.1:9 output'],
    ['a table of IPv6', { port: 3013, ...LOCAL6 }, 'strict/output 2 drop output'],
    ['a table of IPv6, and IPv4', { port: 3013 }, 'passes'],
    ['what comes back, at the device', { port: 3014 }, 'edge/ingress 2 drop answer ingress'],
    ['a port that no rule names', { port: 5000 }, 'passes'],
  ];
  for (const [title, change, expected] of rows) it(`${title}: ${expected}`, () => assert.equal(ending(tables, change), expected));
});

it('follows a policy, also for the answers, and lets the data of an open connection through where the state is accepted', () => {
  const tables = nft('nft');
  assert.equal(ending(tables, { port: 3012 }), 'office/input policy drop input');
  assert.equal(ending(tables, { port: 5000 }), 'passes');
  assert.equal(ending(tables, { port: 3000 }, 'data'), 'passes');
});

describe('iptables, for a connection to a port of this machine', () => {
  const tables = [...saved('iptables-save.txt', 'iptables'), ...saved('ip6tables-save.txt', 'ip6tables')];
  const rows: readonly (readonly [string, Partial<Connection>, string])[] = [
    ['several ports, an owner and a comment', { port: 3001, user: 5 }, 'filter/agents 1 reject tcp reset output'],
    ['another owner', { port: 3001, user: 11 }, 'passes'],
    ['a negated address and a mark', { port: 3003 }, 'filter/agents 2 drop output'],
    ['flags and a range of addresses', { port: 3004 }, 'filter/agents 3 reject icmp-port-unreachable output'],
    ['an extension that cannot be judged', { port: 3005 }, 'passes'],
    ['a goto', { port: 3006 }, 'filter/away 1 drop output'],
    ['UDP only', { port: 3007 }, 'passes'],
    ['a redirect', { port: 3008 }, 'nat/OUTPUT 1 move 127.0.0.1:9 output'],
    ['another destination', { port: 3009 }, 'nat/OUTPUT 2 move 10.0.0.1:80 output'],
    ['a policy', { port: 3010 }, 'filter/INPUT policy drop input'],
    ['the raw table', { port: 3011 }, 'raw/PREROUTING 1 drop prerouting'],
    ['an interface with any rest', { port: 3001, ...FAR }, 'filter/OUTPUT 4 drop output'],
    ['IPv6', { port: 3000, ...LOCAL6 }, 'filter/OUTPUT 1 reject icmp6-adm-prohibited output'],
    ['another destination in IPv6', { port: 3001, ...LOCAL6 }, 'nat/OUTPUT 1 move [::1]:9 output'],
  ];
  for (const [title, change, expected] of rows) it(`${title}: ${expected}`, () => assert.equal(ending(tables, change), expected));
});

it('asks a chain that translates addresses about the first packet only', () => {
  const tables = parseIptables('*nat\n:OUTPUT ACCEPT [0:0]\n[0:0] -A OUTPUT -o lo -j DNAT --to-destination 10.0.0.1\nCOMMIT\n', 'iptables');
  assert.equal(ending(tables, {}), 'nat/OUTPUT 1 move 10.0.0.1:3000 output');
  assert.equal(ending(tables, {}, 'data'), 'passes');
});

it('foresees what would end the connection once the first rule is out of the way', () => {
  const tables = parseIptables('*filter\n:INPUT DROP [0:0]\n[0:0] -A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\nCOMMIT\n', 'iptables');
  const ways = findBlocks(tables, LOCAL, 'connect', uncounted).map(({ step: { way, hook } }) => `${way} ${hook}`);
  assert.deepEqual(ways, ['request input', 'answer input']);
});

it('names ufw for its rules and its policies, and leaves loopback alone', () => {
  const tables = saved('ufw-iptables-save.txt', 'iptables');
  const owner = (port: number, change: Partial<Connection>) => {
    const [found] = findBlocks(tables, { ...LOCAL, port, ...change }, 'connect', uncounted);
    return found === undefined ? null : toBlock({ address: '10.77.0.2', family: 4 }, port, 'connect', found, uncounted).rule;
  };
  assert.deepEqual(owner(3000, FAR)?.manager, { kind: 'ufw', own: true });
  assert.equal(owner(3001, FAR)?.text, '-A ufw-user-output -d 10.77.0.2/32 -p tcp -m tcp --dport 3001 -j REJECT --reject-with tcp-reset');
  assert.deepEqual(owner(3002, FAR), {
    tool: 'iptables',
    manager: { kind: 'ufw', own: true },
    family: 'ip',
    table: 'filter',
    chain: 'OUTPUT',
    handle: null,
    text: 'policy drop',
  });
  assert.equal(owner(443, FAR), null);
  assert.equal(owner(3000, {}), null);
});

it("names firewalld's policy, and leaves loopback alone", () => {
  const tables = nft('firewalld');
  const [found] = findBlocks(tables, { ...LOCAL, ...FAR }, 'connect', uncounted);
  assert.ok(found);
  const { rule, chains } = toBlock({ address: '10.77.0.2', family: 4 }, 3000, 'connect', found, uncounted);
  assert.deepEqual(rule.manager, { kind: 'firewalld', zone: null, policy: 'out-lab' });
  assert.equal(rule.text, 'ip daddr 10.77.0.2 tcp dport 3000 reject with icmp port-unreachable');
  assert.deepEqual(chains, ['filter_OUTPUT', 'filter_OUTPUT_POLICIES_pre', 'filter_OUT_policy_out-lab', 'filter_OUT_policy_out-lab_deny']);
  assert.equal(ending(tables, {}), 'passes');
  assert.equal(ending(tables, { ...FAR, port: 3001 }), 'passes');
});

describe('counters', () => {
  const tables = nft('nft');
  const only =
    (handle: number): Growth =>
    (_table, _chain, rule) =>
      rule?.packets == null ? null : rule.handle === handle ? 1 : 0;

  it('prove a rule that cannot be judged by its conditions alone', () => {
    assert.equal(ending(tables, { port: 3004 }, 'connect', only(14)), 'office/agents 14 drop output unsure');
  });

  it('clear a rule that would match, when they do not grow', () => {
    assert.equal(ending(tables, { port: 3003 }, 'connect', only(1)), 'passes');
  });

  it('are compared between two readings of the same rules', () => {
    const counted = (packets: string) =>
      parseIptables(`*filter\n:OUTPUT DROP [${packets}:0]\n[${packets}:0] -A OUTPUT -p tcp -j DROP\nCOMMIT\n`, 'iptables');
    const [before, after] = [counted('4'), counted('6')];
    const [table] = after;
    const chain = table?.chains.get('OUTPUT');
    assert.ok(table && chain);
    assert.equal(growthBetween(before, after)(table, chain, chain.rules[0] ?? null), 2);
    assert.equal(growthBetween(before, after)(table, chain, null), 2);
    assert.equal(growthBetween(after, before)(table, chain, null), null);
    assert.equal(growthBetween([], after)(table, chain, null), null);
  });
});

it('reads nothing into what is no ruleset', () => {
  assert.equal(parseNft('', new Map()), null);
  assert.equal(parseNft('{"nftables": 3}', new Map()), null);
  assert.deepEqual(parseIptables('# Table `filter` is incompatible, use nft', 'iptables'), []);
});

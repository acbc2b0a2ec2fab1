import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import type { ToolResult } from '../processes/run-tool.ts';
import { readDarwin } from './darwin.ts';
import type { Dialled } from './foreign.ts';
import { readWindows } from './windows.ts';

const done = (stdout: Buffer | string, code = 0): ToolResult => ({ kind: 'done', code, stdout: Buffer.from(stdout), stderr: '' });
const recorded = (name: string) => done(readFileSync(`test/recorded/packet-filters/${name}`));
const LOCAL: Dialled = { address: '127.0.0.1', family: 4, port: 3000, isLocal: true, isSilent: true, device: null };
const REMOTE: Dialled = { address: '198.51.100.7', family: 4, port: 8001, isLocal: false, isSilent: false, device: 'en0' };

/** What the programs of a Mac print. */
const mac =
  (rules: string, status = 'pf-status-enabled.txt', interfaces = '') =>
  async (file: string, args: readonly string[]) => {
    if (file.endsWith('socketfilterfw')) return args[0] === '--getglobalstate' ? recorded('application-firewall-15.txt') : done('');
    if (args[0] === '-si') return recorded(status);
    return args.includes('-sI') ? done(interfaces) : recorded(rules);
  };

describe('the filters of macOS', () => {
  const root = { program: '/opt/homebrew/bin/node', userId: 0 };

  test('as root: the rule that blocks, with its anchor, and silence about another port', async () => {
    const { blocks, sources } = await readDarwin([REMOTE, { ...REMOTE, port: 8002 }], root, mac('pf-rules.txt'));
    assert.deepEqual(
      blocks.map(({ port, action, hook, rule, unsure }) => [port, action, hook, rule.text, unsure]),
      [[8001, 'reject', 'out', 'block drop out quick inet proto tcp from any to 198.51.100.7 port 8000:8001 label "no-egress"', []]],
    );
    assert.deepEqual(
      sources.map(({ tool, rules }) => [tool, rules.kind === 'measured' && rules.value]),
      [
        ['pf', 10],
        ['application-firewall', 4],
      ],
    );
  });

  test('on loopback, where pf is on and the interface is not skipped', async () => {
    const rules = 'pf-rules.txt';
    assert.deepEqual(
      (await readDarwin([LOCAL], root, mac(rules))).blocks.map(({ action, device, hook, rule }) => [action, device, hook, rule.text]),
      [['drop', 'lo0', 'in', 'block drop in all']],
    );
    assert.deepEqual((await readDarwin([LOCAL], root, mac(rules, 'pf-status-enabled.txt', 'lo0 (skip)\n'))).blocks, []);
    assert.deepEqual((await readDarwin([LOCAL], root, mac(rules, 'pf-status-disabled.txt'))).blocks, []);
  });

  test('as an ordinary user: pf could not be read, and by which command it is', async () => {
    const { blocks, sources } = await readDarwin([REMOTE], { ...root, userId: 501 }, mac('pf-rules.txt'));
    assert.deepEqual(blocks, []);
    assert.equal(sources[0]?.rules.kind, 'not-measured');
    assert.match(sources[0]?.command ?? '', /^sudo pfctl/);
  });

  test('programs that are missing or say nothing', async () => {
    const missing = async (file: string): Promise<ToolResult> => ({ kind: 'failed', why: `${file} is not installed` });
    const silent = async () => done('', 1);
    for (const run of [missing, silent])
      for (const { rules } of (await readDarwin([REMOTE], root, run)).sources) assert.equal(rules.kind, 'not-measured');
  });
});

describe("Windows' firewall", () => {
  const dialler = { program: 'C:\\Program Files\\nodejs\\node.exe', userId: null };
  const windows =
    (networks: string, rules = 'windows-local.txt') =>
    async (name: string, args: readonly string[]) => {
      if (name !== 'reg.exe') return done(networks);
      return args[1]?.includes('SharedAccess') ? recorded(rules) : done('', 1);
    };
  const away: Dialled = { ...REMOTE, address: '203.0.113.9', port: 8005, device: null };

  test('a rule that blocks what goes out is named; another port and loopback are let alone', async () => {
    const run = windows('[{"InterfaceAlias":"Wi-Fi","NetworkCategory":1}]');
    const { blocks } = await readWindows([away, { ...away, port: 8011 }, LOCAL], dialler, run);
    assert.deepEqual(
      blocks.map(({ port, action, rule, unsure }) => [port, action, rule.table, rule.chain, rule.text, unsure]),
      [[8005, 'reject', 'private', '{1E78ACD0-2EB2-4C5B-BE1E-C3AF5786D813}', 'no egress', []]],
    );
  });

  test('where the profile is not known, that is said beside the rule', async () => {
    const { blocks } = await readWindows([away], dialler, windows(''));
    assert.match(blocks[0]?.unsure.join() ?? '', /which profiles are in force/);
  });

  test('access denied', async () => {
    const { sources, blocks } = await readWindows([away], dialler, async () =>
      done(Buffer.from('FEHLER: Zugriff verweigert\r\n', 'latin1'), 1),
    );
    assert.equal(sources[0]?.rules.kind, 'not-measured');
    assert.deepEqual(blocks, []);
  });
});

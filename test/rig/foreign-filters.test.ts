/**
 * The filters of macOS and Windows from the failed connection to the verdict, on a machine that is neither: the host is told to be one, and
 * a stand-in answers for its tools with what was recorded. Nothing is dialled.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { CAUSES } from '../../src/causes/index.gen.ts';
import { judge } from '../../src/diagnose/judge.ts';
import { nextProbes } from '../../src/diagnose/plan.ts';
import type { Evidence } from '../../src/model/evidence.ts';
import { attempt, evidence, holder, listener, machine, target, tcp } from '../../src/model/examples.ts';
import { createRedactor } from '../../src/model/redact.ts';
import { createSharedRun, type ProbeContext } from '../../src/probes/context.ts';
import { probeForeignFilters, type RunFilterTool } from '../../src/probes/foreign-filters.ts';
import { parsePfRules } from '../../src/system/packet-filters/darwin-pf-parse.ts';
import { parseWindowsFirewall } from '../../src/system/packet-filters/windows-parse.ts';

const context: ProbeContext = {
  request: { url: new URL('http://127.0.0.1:3000/mcp'), headers: {}, environment: {}, caFile: null },
  signal: new AbortController().signal,
  options: { answerMs: 1000, patienceMs: 0, start: null, exec: false },
  redact: createRedactor(),
  shared: createSharedRun(new Set()),
};

const recorded = (name: string) => readFileSync(`test/recorded/packet-filters/${name}`);
const says = (stdout: Buffer | string, code = 0) => ({ kind: 'done', code, stdout: Buffer.from(stdout), stderr: '' }) as const;

/** The plan asks for the filters; then they are read, and everything is judged. */
async function verdictOf(known: Evidence, tool: RunFilterTool) {
  assert.ok(nextProbes(known, { patienceMs: 0, start: false }).includes('filters'), 'the plan does not ask for the filters');
  const found = { ...known, filters: await probeForeignFilters(context, known, tool) };
  return judge(found, CAUSES).verdict;
}

describe('Windows, with a stand-in for its tools', () => {
  const windows = { platform: 'win32' as const, userId: null };
  const away = (port: number) =>
    evidence(target(`http://203.0.113.9:${port}/mcp`), { tcp: tcp(attempt('203.0.113.9', 'not-permitted', port)) }, windows);
  const tool: RunFilterTool = async (name, args) => {
    if (name !== 'reg.exe') return says('[{"InterfaceAlias":"Wi-Fi","NetworkCategory":1}]');
    return args[1]?.includes('SharedAccess') ? says(recorded('windows-local.txt')) : says('', 1);
  };

  test('a rule about this address and port is the verdict, with the command that takes it away', async () => {
    const verdict = await verdictOf(away(8005), tool);
    assert.equal(verdict?.cause, 'firewall-reject');
    assert.match(verdict.summary, /Windows Defender Firewall, private profile, rule "no egress"/);
    const commands = verdict.remedies.map((one) => ('command' in one ? one.command : '')).join('\n');
    assert.match(commands, /Remove-NetFirewallRule -Name '\{1E78ACD0-2EB2-4C5B-BE1E-C3AF5786D813\}'/);
  });

  test('a rule about another port is not', async () => {
    assert.notEqual((await verdictOf(away(8011), tool))?.cause, 'firewall-reject');
  });
});

describe('macOS, with a stand-in for its tools', () => {
  const silent = (userId: number) =>
    evidence(
      target('http://127.0.0.1:3000/mcp'),
      {
        tcp: tcp({ ...attempt('127.0.0.1', 'timed-out'), ms: 4000 }),
        machine: machine(listener('127.0.0.1')),
        siblings: { attempts: [], handshakes: [] },
        holder: holder(),
      },
      { platform: 'darwin', userId },
    );
  const tool =
    (rules: string): RunFilterTool =>
    async (name, args) => {
      if (name.endsWith('socketfilterfw')) return args[0] === '--getglobalstate' ? says(recorded('application-firewall-15.txt')) : says('');
      if (args[0] === '-si') return says(recorded('pf-status-enabled.txt'));
      return says(args.includes('-sI') ? 'lo0\n' : rules);
    };

  test('a rule of pf that drops on loopback is the verdict, in the words of its anchor', async () => {
    const rules = 'anchor "com.example.vpn" all {\n  block drop in quick on lo0 inet proto tcp from any to any port = 3000\n}\n';
    const verdict = await verdictOf(silent(0), tool(rules));
    assert.equal(verdict?.cause, 'firewall-drop');
    assert.match(verdict.summary, /pf, anchor com\.example\.vpn/);
  });

  test('a rule of pf about another port is not', async () => {
    assert.notEqual(
      (await verdictOf(silent(0), tool('block drop in quick proto tcp from any to any port = 3001\n')))?.cause,
      'firewall-drop',
    );
  });

  test('an ordinary user may not read pf, and is told so', async () => {
    const known = silent(501);
    const { sources } = await probeForeignFilters(context, known, tool('block drop in all\n'));
    assert.match(sources.map(({ rules }) => (rules.kind === 'not-measured' ? rules.why : '')).join(), /only root/);
  });
});

test('a flood of rules is cut, and what was cut is not taken for read', () => {
  const one = '    {A}    REG_SZ    v2.31|Action=Block|Active=TRUE|Dir=In|Name=x|\r\n';
  const windows = parseWindowsFirewall(`HKEY_LOCAL_MACHINE\\X\\FirewallRules\r\n${one.repeat(30_000)}`, '');
  assert.deepEqual([windows?.rules.length, windows?.truncated], [20_000, true]);
  const pf = parsePfRules('pass in proto tcp from any to any port = 80\n'.repeat(30_000));
  assert.equal(pf.truncated, true);
});

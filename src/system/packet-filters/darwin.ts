import { readFileSync } from 'node:fs';
import type { ToolResult } from '../processes/run-tool.ts';
import { parseApplicationFirewall } from './darwin-application-firewall.ts';
import { parsePfRules, parsePfSkipped, parsePfStatus, parseServices } from './darwin-pf-parse.ts';
import { type DarwinFilters, judgeDarwin } from './darwin-judge.ts';
import type { Dialled, Dialler, FilterReading } from './foreign.ts';
import { measured, notMeasured } from '../sockets/reader.ts';

/** How macOS' programs are run; another way in tests. */
export type RunProgram = (file: string, args: readonly string[]) => Promise<ToolResult>;

const PFCTL = '/sbin/pfctl';
const SOCKET_FILTER = '/usr/libexec/ApplicationFirewall/socketfilterfw';
const QUESTIONS = ['--getglobalstate', '--getblockall', '--getallowsigned', '--listapps'];

/** Reads both filters as far as we may, pf only as root and the application firewall as anybody, and judges the connections. */
export async function readDarwin(dialled: readonly Dialled[], dialler: Dialler, run: RunProgram): Promise<FilterReading> {
  const isRoot = dialler.userId === 0;
  const [pf, application] = await Promise.all([
    isRoot ? readPf(run) : notMeasured('only root may read the rules of pf'),
    readApplication(run),
  ]);
  return judgeDarwin({ pf, application }, dialled, dialler);
}

async function readPf(run: RunProgram): Promise<DarwinFilters['pf']> {
  const [status, rules, interfaces] = await Promise.all([run(PFCTL, ['-si']), run(PFCTL, ['-a', '*', '-sr']), run(PFCTL, ['-v', '-sI'])]);
  const enabled = parsePfStatus(textOf(status));
  if (enabled === null) return notMeasured(whyNot('pfctl', status));
  if (enabled && (rules.kind === 'failed' || rules.code !== 0)) return notMeasured(whyNot('pfctl', rules));
  return measured({ enabled, rules: parsePfRules(textOf(rules), services()), skipped: parsePfSkipped(textOf(interfaces)) });
}

async function readApplication(run: RunProgram): Promise<DarwinFilters['application']> {
  const answers = await Promise.all(QUESTIONS.map((question) => run(SOCKET_FILTER, [question])));
  const firewall = parseApplicationFirewall(answers.map(textOf).join('\n'));
  return firewall === null ? notMeasured(whyNot('socketfilterfw', answers[0])) : measured(firewall);
}

function textOf(result: ToolResult): string {
  return result.kind === 'done' ? result.stdout.toString() : '';
}

function whyNot(name: string, result: ToolResult | undefined): string {
  if (result?.kind === 'failed') return result.why;
  return `${name} ended with code ${result?.code ?? 0} and said nothing that can be read`;
}

function services(): ReadonlyMap<string, number> {
  try {
    return parseServices(readFileSync('/etc/services', 'utf8'));
  } catch {
    return new Map();
  }
}

/** Joins what stands in a config with what probing found out, to one part of the report. */
import type { Probed } from '../../diagnose/run.ts';
import type { Finding } from '../../model/finding.ts';
import type { CauseId } from '../../model/ids.gen.ts';
import { LAYERS } from '../../model/layer.ts';
import type { PathStep, ReportTarget } from '../../model/report.ts';

/** In this order an entry is read: nothing counts before its file can be parsed, and nothing of it before it is found. */
const READING_ORDER: readonly CauseId[] = [
  'config-syntax',
  'config-wrong-file',
  'config-wrong-key',
  'config-duplicate-name',
  'config-bad-entry',
  'config-unset-variable',
];

/** What a client meets when it uses an entry that is not as it should be. */
const FOLLOWS: Readonly<Partial<Record<CauseId, 'everything' | readonly CauseId[]>>> = {
  'config-unset-variable': 'everything',
  'config-bad-entry': [
    'auth-required',
    'auth-rejected',
    'missing-env',
    'crash-on-boot',
    'command-not-found',
    'package-not-found',
    'cwd-missing',
    'sse-legacy',
    'wrong-transport',
    'wrong-path',
    'not-mcp',
    'unknown',
  ],
  'config-timeout-unit': ['timeout-slow-start', 'timeout-hang'],
  'config-ignored-field': ['auth-required', 'missing-env'],
};

/** Warnings about an entry that become the reason when this is what the client then meets. */
const PROMOTED: Readonly<Partial<Record<CauseId, readonly CauseId[]>>> = {
  'config-timeout-unit': ['timeout-slow-start', 'timeout-hang'],
};

export interface Merged {
  readonly status: ReportTarget['status'];
  readonly verdict: Finding | null;
  /** In the report's order. */
  readonly findings: readonly Finding[];
}

/** One verdict over both kinds of findings. */
export function mergeFindings(config: readonly Finding[], probed: Probed | null, skippedBy: CauseId | null): Merged {
  const failure = probed?.target.status === 'failed' ? probed.target.cause : null;
  const own = config.map(
    (finding): Finding =>
      finding.severity === 'warning' && failure !== null && PROMOTED[finding.cause]?.includes(failure)
        ? { ...finding, severity: 'error' }
        : finding,
  );
  const verdict = own.filter(({ severity }) => severity === 'error').sort(byReading)[0] ?? null;
  const met = (probed?.findings ?? []).map((finding): Finding => {
    const hidden = verdict !== null && finding.severity === 'error' && finding.hiddenBy === null && follows(verdict.cause, finding.cause);
    return hidden ? { ...finding, hiddenBy: verdict.cause } : finding;
  });
  const findings = [...own, ...met].sort((a, b) => Number(b === verdict) - Number(a === verdict) || byWeight(a, b));
  if (verdict !== null) return { status: 'failed', verdict, findings };
  // A file without servers is not tried, and what is odd about it is no reason to skip it.
  if (skippedBy === null && probed === null && findings[0]?.severity === 'warning') return { status: 'warning', verdict: null, findings };
  if (skippedBy !== null || probed === null) {
    const first = findings.find(({ cause }) => cause === skippedBy);
    return {
      status: 'skipped',
      verdict: null,
      findings: first === undefined ? findings : [first, ...findings.filter((one) => one !== first)],
    };
  }
  if (probed.target.status === 'failed') {
    const root = findings.find(({ cause, severity }) => cause === failure && severity === 'error') ?? null;
    return { status: 'failed', verdict: root, findings: root === null ? findings : [root, ...findings.filter((one) => one !== root)] };
  }
  return { status: findings.some(({ severity }) => severity === 'warning') ? 'warning' : 'ok', verdict: null, findings };
}

function follows(cause: CauseId, other: CauseId): boolean {
  const what = FOLLOWS[cause];
  return what === 'everything' || what?.includes(other) === true;
}

function byReading(a: Finding, b: Finding): number {
  const rank = ({ cause }: Finding) => (READING_ORDER.indexOf(cause) + READING_ORDER.length + 1) % (READING_ORDER.length + 1);
  return rank(a) - rank(b);
}

const SEVERITIES = ['error', 'warning', 'advice'];

function byWeight(a: Finding, b: Finding): number {
  return (
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    Number(a.hiddenBy !== null) - Number(b.hiddenBy !== null) ||
    LAYERS.indexOf(a.layer) - LAYERS.indexOf(b.layer)
  );
}

/** The way with its first step, the config; what comes after a config that fails was not walked. */
export function pathWith(step: PathStep, probed: Probed | null): readonly PathStep[] {
  const rest = (probed?.target.path ?? []).filter(({ layer }) => layer !== 'config');
  if (step.status === 'ok') return [step, ...rest];
  return [step, ...rest.map(({ layer }): PathStep => ({ layer, status: 'skipped', ms: null, detail: '' }))];
}

import { expandEntry } from '../../clients/expand.ts';
import type { Surroundings } from '../../clients/locate.ts';
import { CONFIG_CAUSES } from '../../causes/config/index.gen.ts';
import { judgeConfig } from '../../diagnose/judge.ts';
import { reportFinding, reportRemedy } from '../../diagnose/report.ts';
import type { PlannedTarget, Probed } from '../../diagnose/run.ts';
import type { ConfigEntry, ConfigFile, ConfigProblem, Mend } from '../../model/config.ts';
import type { ConfigEvidence, Skip } from '../../model/config-evidence.ts';
import type { HostEvidence } from '../../model/evidence.ts';
import type { Finding } from '../../model/finding.ts';
import type { CauseId } from '../../model/ids.gen.ts';
import { maskForeign, maskUrl } from '../../model/redact.ts';
import type { Remedy } from '../../model/remedy.ts';
import type { ReportFinding, ReportTarget } from '../../model/report.ts';
import { configStep } from './config-step.ts';
import { type EntryInUse, entryMends } from './entry-mends.ts';
import { inputOf } from './entry-input.ts';
import type { EntryTarget, FileTarget } from './known.ts';
import { type Merged, mergeFindings, pathWith } from './merge.ts';
import { maskedDiff, secretsOfEntry } from './secrets.ts';

export interface PlanContext {
  readonly surroundings: Surroundings;
  /** What the entry's file of variables holds. */
  readonly fileVariables: (entry: ConfigEntry) => Readonly<Record<string, string>>;
  /** Whether stdio servers may be started at all. */
  readonly spawn: boolean;
  /** Whether the user agreed to the commands of this file. */
  readonly agreed: (file: ConfigFile) => boolean;
  /** Told the mends of the target when its part of the report is made, best first. */
  readonly onMends: (mends: readonly Mend[]) => void;
}

const SKIPPED_BY = {
  'switched-off': 'switched-off',
  'no-spawn': 'not-started',
  'no-consent': 'config-needs-approval',
  rejected: 'config-needs-approval',
  hidden: 'config-duplicate-name',
} as const satisfies Record<Skip, CauseId>;

/** What to do with one entry, and how its part of the report is made. */
export function planEntry(target: EntryTarget, context: PlanContext): PlannedTarget {
  const { entry, client, shape } = target;
  const { environment, home, project } = context.surroundings;
  const expanded = withVariables(expandEntry(client, entry, environment, { home, project }), context.fileVariables(entry));
  const skip = skipOf(target, context);
  const usable = inputOf(target, expanded, context.surroundings);
  const problems =
    usable === null && skip === null && !hasError(target.problems) ? [...target.problems, unusable(target)] : target.problems;
  // Some clients do not even try when a variable is missing; others hand on the reference itself, and so do we.
  const isRefused =
    client.expansion.whenUnset === 'error' &&
    problems.some(({ code, severity }) => code === 'config-unset-variable' && severity === 'error');
  return {
    input: skip === null && !isRefused ? usable : null,
    secrets: [...secretsOfEntry(entry), ...secretsOfEntry(expanded)],
    finish(probed, host) {
      const known = { client, shape, entry, expanded };
      const evidence: ConfigEvidence = {
        host,
        target: {
          name: entry.name,
          client: client.title,
          transport: entry.transport,
          file: entry.file.shown,
          approvalStep: client.approval.how,
          switchedOffBy: client.switchedOff,
        },
        problems: problems.map((one) => (works(probed) && one.ifReached !== null ? { ...one, ...one.ifReached } : one)),
        approval: entry.approval,
        skip,
      };
      const { findings } = judgeConfig(evidence, CONFIG_CAUSES);
      // An entry that nobody reads is a failure even when we have no leave to start it; one that is not to be used is none.
      const isMoot = skip === 'switched-off' || skip === 'hidden' || skip === 'rejected';
      const own = isMoot ? findings.map((one): Finding => (one.severity === 'advice' ? one : { ...one, severity: 'advice' })) : findings;
      const merged = mergeFindings(own, probed, skip === null ? null : SKIPPED_BY[skip]);
      const base = {
        name: entry.name,
        client: client.id,
        source: { file: entry.file.shown, line: entry.position.line, column: entry.position.column, scope: entry.file.scope },
        transport: probed?.target.transport ?? entry.transport,
        address: probed?.target.address ?? addressOf(target),
        text: target.text,
        file: entry.file,
      };
      return reportOf(base, merged, probed, known, context.onMends);
    },
  };
}

/** The entry's own variables win over those of its file. */
function withVariables(entry: ConfigEntry, variables: Readonly<Record<string, string>>): ConfigEntry {
  return { ...entry, env: { ...variables, ...entry.env } };
}

/** A file without any server that could be read. */
export function planFile({ name, client, file, problems, text }: FileTarget, { onMends }: PlanContext): PlannedTarget {
  return {
    input: null,
    secrets: [],
    finish(_, host: HostEvidence) {
      const target = { name, client: client.title, transport: null, file: file.shown, approvalStep: '', switchedOffBy: '' };
      const { findings } = judgeConfig({ host, target, problems, approval: 'not-needed', skip: null }, CONFIG_CAUSES);
      const { line, column } = problems[0]?.position ?? { line: 1, column: 1 };
      const base = {
        name,
        client: client.id,
        source: { file: file.shown, line, column, scope: file.scope },
        transport: null,
        address: file.shown,
        text,
        file,
      };
      return reportOf(base, mergeFindings(findings, null, null), null, null, onMends);
    },
  };
}

function skipOf({ entry, client }: EntryTarget, { spawn, agreed }: PlanContext): Skip | null {
  if (entry.unread === 'hidden' || entry.unread === 'superseded') return 'hidden';
  if (entry.disabled) return 'switched-off';
  if (entry.approval === 'rejected' && client.approval.scopes.length > 0) return 'rejected';
  if (entry.transport !== 'stdio') return null;
  if (!spawn) return 'no-spawn';
  return agreed(entry.file) ? null : 'no-consent';
}

function hasError(problems: readonly ConfigProblem[]): boolean {
  return problems.some(({ severity }) => severity === 'error');
}

/** An entry that says neither what to start nor where to go, in a way no rule has a word for. */
function unusable({ entry, client }: EntryTarget): ConfigProblem {
  const what = entry.url === null ? 'has neither a command nor an address' : 'has an address that is no http:// or https:// URL';
  return {
    code: 'config-bad-entry',
    severity: 'error',
    certainty: 'proved',
    file: entry.file,
    server: entry.name,
    position: entry.at['url']?.position ?? entry.position,
    line: '',
    summary: `The entry ${entry.name} of ${client.title} ${what}.`,
    advice: 'Write a command, or a URL that begins with http:// or https://.',
    mend: null,
    ifReached: null,
  };
}

function works(probed: Probed | null): boolean {
  return probed !== null && probed.target.status !== 'failed';
}

/** What is shown of an entry that was not probed. */
function addressOf({ entry: { url, command, args, name } }: EntryTarget): string {
  if (url !== null) return URL.canParse(url) ? maskUrl(new URL(url)) : maskForeign(url);
  return command === null || command.trim() === '' ? name : maskForeign([command, ...args].join(' '));
}

interface Base {
  readonly name: string;
  readonly client: string;
  readonly source: NonNullable<ReportTarget['source']>;
  readonly transport: ReportTarget['transport'];
  readonly address: string;
  readonly text: string;
  readonly file: ConfigFile;
}

function reportOf(
  { text, file, ...base }: Base,
  merged: Merged,
  probed: Probed | null,
  known: EntryInUse | null,
  onMends: PlanContext['onMends'],
): ReportTarget {
  const { status, verdict, findings } = merged;
  const mends: Mend[] = [];
  const reported = findings.map((finding): ReportFinding => {
    const own = known === null ? fileMends(finding) : entryMends(known, finding.remedies);
    const remedies = finding.remedies.map((remedy) => {
      const mend = own.get(remedy);
      const diff = mend === undefined ? null : maskedDiff(file, text, mend.edits);
      if (mend === undefined || diff === null) return reportRemedy(remedy);
      // Advice and what a deeper cause explains are not mended unasked.
      if (finding.severity !== 'advice' && finding.hiddenBy === null) mends.push(mend);
      return { ...reportRemedy(remedy), automatic: true, file: file.shown, diff };
    });
    return { ...reportFinding(finding), remedies };
  });
  onMends(mends);
  const first = findings[0];
  const warning = findings.find(({ severity }) => severity === 'warning');
  const told = status === 'skipped' ? first?.summary : (verdict?.summary ?? (status === 'warning' ? warning?.summary : undefined));
  return {
    ...base,
    status,
    cause: verdict?.cause ?? null,
    certainty: verdict?.certainty ?? null,
    summary: told ?? probed?.target.summary ?? 'Nothing is known about it.',
    path: pathWith(configStep({ file, position: base.source }, verdict?.layer === 'config' ? verdict.cause : null), probed),
    findings: reported,
    server: probed?.target.server ?? null,
    durationMs: probed?.target.durationMs ?? 0,
  };
}

function fileMends({ remedies }: Finding): ReadonlyMap<Remedy, Mend> {
  return new Map(
    remedies.flatMap((remedy): readonly (readonly [Remedy, Mend])[] => (remedy.kind === 'mend' ? [[remedy, remedy.mend]] : [])),
  );
}

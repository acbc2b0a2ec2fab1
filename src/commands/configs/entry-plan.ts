import { CONFIG_CAUSES } from '../../causes/config/index.gen.ts';
import { judgeConfig } from '../../diagnose/judge.ts';
import { reportFinding, reportRemedy } from '../../diagnose/report.ts';
import type { PlannedTarget, Probed } from '../../diagnose/run.ts';
import type { ConfigFile, Mend } from '../../model/config.ts';
import type { ConfigEvidence } from '../../model/config-evidence.ts';
import type { HostEvidence } from '../../model/evidence.ts';
import type { Finding } from '../../model/finding.ts';
import { maskForeign, maskUrl } from '../../model/redact.ts';
import type { Remedy } from '../../model/remedy.ts';
import type { ReportFinding, ReportTarget } from '../../model/report.ts';
import { configStep } from './config-step.ts';
import { type EntryInUse, entryMends } from './entry-mends.ts';
import { SKIPPED_BY, type UseContext, useOf } from './entry-use.ts';
import type { EntryTarget, FileTarget } from './known.ts';
import { type Merged, mergeFindings, pathWith } from './merge.ts';
import { maskedDiff, secretsOfEntry } from './secrets.ts';

export interface PlanContext extends UseContext {
  /** Told the mends of the target when its part of the report is made, best first. */
  readonly onMends: (mends: readonly Mend[]) => void;
}

/** What to do with one entry, and how its part of the report is made. */
export function planEntry(target: EntryTarget, context: PlanContext): PlannedTarget {
  const { entry, client, shape } = target;
  const { expanded, input, skip, problems } = useOf(target, context);
  return {
    input,
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

function works(probed: Probed | null): boolean {
  return probed !== null && probed.target.status !== 'failed';
}

/** What is shown of an entry that was not probed. */
export function addressOf({ entry: { url, command, args, name } }: EntryTarget): string {
  if (url !== null) return URL.canParse(url) ? maskUrl(new URL(url)) : maskForeign(url);
  return command === null || command.trim() === '' ? name : maskForeign([command, ...args].join(' '));
}

interface Base {
  readonly name: string;
  readonly client: string | null;
  readonly source: NonNullable<ReportTarget['source']>;
  readonly transport: ReportTarget['transport'];
  readonly address: string;
  readonly text: string;
  readonly file: ConfigFile;
}

/** One target's part of the report, with the edits that would mend it. */
export function reportOf(
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
    ...(probed?.target.log === undefined ? {} : { log: probed.target.log }),
    durationMs: probed?.target.durationMs ?? 0,
  };
}

function fileMends({ remedies }: Finding): ReadonlyMap<Remedy, Mend> {
  return new Map(
    remedies.flatMap((remedy): readonly (readonly [Remedy, Mend])[] => (remedy.kind === 'mend' ? [[remedy, remedy.mend]] : [])),
  );
}

/** Logs as evidence: read for what does not work, quoted where they support a finding. They never make a verdict by themselves. */
import type { Evidence } from '../model/evidence.ts';
import type { Finding } from '../model/finding.ts';
import { isFresh, type LogEvidence, type LogFailure, type LogSource, quoted } from '../model/logs.ts';
import type { ReportTarget } from '../model/report.ts';
import type { StdioEvidence } from '../model/stdio.ts';
import { stdioWorks } from '../model/stdio-view.ts';
import { works } from '../model/view.ts';
import { probeLog } from '../probes/log/log.ts';
import type { Judgement } from './judge.ts';
import { wantsLog } from './plan.ts';

/** The evidence about an HTTP target, with what its logs say where that is worth a look. */
export async function readLogs(evidence: Evidence, logs: LogSource | null, signal: AbortSignal): Promise<Evidence> {
  if (!wantsLog(works(evidence), logs)) return evidence;
  const { name, host, port, path, scheme } = evidence.target;
  const address = { host, port, path, isUsualPort: port === (scheme === 'https' ? 443 : 80) };
  return { ...evidence, log: await probeLog(logs, { name, alias: logs.alias, address, command: [] }, signal) };
}

/** The same for a stdio target. */
export async function readStdioLogs(evidence: StdioEvidence, logs: LogSource | null, signal: AbortSignal): Promise<StdioEvidence> {
  if (!wantsLog(stdioWorks(evidence), logs)) return evidence;
  const { name, command, args } = evidence.target;
  return { ...evidence, log: await probeLog(logs, { name, alias: logs.alias, address: null, command: [command, ...args] }, signal) };
}

/** A share of what a line speaks for, below which it is no support for a cause. */
const LEAST_SUPPORT = 0.15;

/** How far back a failure of another kind is worth a mention beside the verdict. */
function support({ speaksFor }: LogFailure, { cause }: Finding): 'first' | 'some' | 'none' {
  if (speaksFor[0]?.cause === cause) return 'first';
  return speaksFor.some((one) => one.cause === cause && one.score >= LEAST_SUPPORT) ? 'some' : 'none';
}

/**
 * Quotes the deciding line of the log at the findings it supports, else, when it is of the last day, at the verdict. A fresh line that
 * means this cause before all others makes what was only possible likely; certainty beyond that is for causes to judge.
 */
export function withLog(judgement: Judgement, log: LogEvidence | undefined): Judgement {
  const failure = log?.failure ?? null;
  if (failure === null) return judgement;
  const { verdict } = judgement;
  const supported = judgement.findings.map((finding): Finding => {
    const kind = finding.hiddenBy !== null || finding.severity === 'advice' ? 'none' : support(failure, finding);
    if (kind === 'none' || alreadyQuoted(finding, failure)) return finding;
    const isRaised = kind === 'first' && finding.certainty === 'possible' && isFresh(failure);
    return { ...quoting(finding, failure), ...(isRaised ? { certainty: 'likely' as const } : {}) };
  });
  const isUsed = judgement.findings.some((finding, index) => finding !== supported[index]);
  const findings =
    isUsed || !isFresh(failure)
      ? supported
      : supported.map((finding) => (finding === verdict && !alreadyQuoted(finding, failure) ? quoting(finding, failure) : finding));
  const place = verdict === null ? -1 : judgement.findings.indexOf(verdict);
  return { ...judgement, findings, verdict: findings[place] ?? verdict };
}

function alreadyQuoted({ evidence }: Finding, failure: LogFailure): boolean {
  return evidence.includes(quoted(failure));
}

function quoting(finding: Finding, failure: LogFailure): Finding {
  return { ...finding, evidence: [...finding.evidence, quoted(failure), ...(finding.cause === 'unknown' ? hint(failure) : [])] };
}

/** A line speaks for a cause by name above this share; below, it may mean several things. */
const BY_NAME = 0.5;

/** Where nothing that was seen explains the failure, what such lines mean elsewhere is the best there is to go on. */
function hint({ speaksFor: [best] }: LogFailure): readonly string[] {
  if (best === undefined || best.cause === 'unknown' || best.score < BY_NAME) return [];
  return [`such a line most often means ${best.cause}; to read about it: mcpreach explain ${best.cause}`];
}

/** The logs' part of a target's report. */
export function logOf(log: LogEvidence | undefined): Pick<ReportTarget, 'log'> {
  if (log === undefined || log.files.length === 0) return {};
  const { failure, files } = log;
  return {
    log: { files, failure: failure === null ? null : { file: failure.file, at: failure.at, ageMs: failure.ageMs, text: failure.text } },
  };
}

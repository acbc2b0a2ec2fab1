/** Diagnoses one stdio target: looks the command up, runs it, judges what was seen. */
import { STDIO_CAUSES } from '../causes/stdio/index.gen.ts';
import { ANSWER_AT_LEAST_MS, ANSWER_AT_MOST_MS } from '../facts/budgets.ts';
import type { DiagnosisListener } from '../model/events.ts';
import type { HostEvidence } from '../model/evidence.ts';
import type { Finding } from '../model/finding.ts';
import type { LogSource } from '../model/logs.ts';
import type { Redactor } from '../model/redact.ts';
import type { ReportTarget } from '../model/report.ts';
import type { StdioEvidence } from '../model/stdio.ts';
import { stdioWorks } from '../model/stdio-view.ts';
import type { StdioContext } from '../probes/stdio/context.ts';
import { probeExecutable, probeWorkingDirectory } from '../probes/stdio/executable.ts';
import { probeServer } from '../probes/stdio/probe-server.ts';
import { now } from '../system/clock.ts';
import type { Gate } from '../system/gate.ts';
import { type Judgement, judgeStdio } from './judge.ts';
import { logOf, readStdioLogs, withLog } from './logs.ts';
import { round } from './path.ts';
import { wantsLog } from './plan.ts';
import { reportFinding } from './report.ts';
import { stdioPathOf } from './stdio-path.ts';
import type { ParsedStdio } from './stdio-target.ts';

/** What a stdio diagnosis shares with the others of its run. */
export interface StdioRun {
  readonly index: number;
  readonly host: HostEvidence;
  readonly signal: AbortSignal | undefined;
  /** Overrides the time for the handshake, in milliseconds. */
  readonly timeoutMs: number | undefined;
  readonly redact: Redactor;
  readonly listener: DiagnosisListener;
  /** Lets only so many servers start at once. */
  readonly starts: Gate;
  /** For each target of the group. */
  readonly logs: readonly (LogSource | null)[];
}

/** Runs one launch command and reports on it for each of these targets; nothing it started is alive when this resolves. */
export async function diagnoseStdio(
  group: readonly ParsedStdio[],
  run: StdioRun,
): Promise<readonly { readonly target: ReportTarget; readonly findings: readonly Finding[] }[]> {
  const started = now();
  const { index, listener } = run;
  // The most patient client decides how long the server is waited for.
  const { target, launch } = group.reduce((one, other) => (other.target.limitMs > one.target.limitMs ? other : one));
  listener({ kind: 'target-started', index, address: target.display });
  const context: StdioContext = {
    launch,
    signal: run.signal ?? new AbortController().signal,
    answerMs: run.timeoutMs ?? Math.min(ANSWER_AT_MOST_MS, Math.max(ANSWER_AT_LEAST_MS, 3 * target.limitMs)),
    redact: run.redact,
    starts: run.starts,
  };
  const evidence = await collect(context, { target, host: run.host }, run);
  for (const step of stdioPathOf(evidence)) {
    if (step.status !== 'ok') break;
    listener({ kind: 'step', index, step });
  }
  if (run.logs.some((logs) => wantsLog(stdioWorks(evidence), logs))) listener({ kind: 'probing', index, probes: ['log'] });
  return Promise.all(
    group.map(async (one, at) => {
      const own = await readStdioLogs({ ...evidence, target: one.target }, run.logs[at] ?? null, context.signal);
      const judgement = withLog(judgeStdio(own, STDIO_CAUSES), own.log);
      for (const { cause, error } of judgement.crashed) listener({ kind: 'cause-crashed', index, cause, message: String(error) });
      return { target: reportStdioTarget(own, judgement, now() - started), findings: judgement.findings };
    }),
  );
}

async function collect(context: StdioContext, known: StdioEvidence, { index, listener }: StdioRun): Promise<StdioEvidence> {
  listener({ kind: 'probing', index, probes: ['launch'] });
  const looked: StdioEvidence = {
    ...known,
    executable: probeExecutable(context, known),
    workingDirectory: probeWorkingDirectory(context),
  };
  return { ...looked, ...(await probeServer(context, looked)) };
}

function reportStdioTarget(evidence: StdioEvidence, judgement: Judgement, durationMs: number): ReportTarget {
  const { target, handshake } = evidence;
  const { verdict, findings, status } = judgement;
  const result = handshake?.result;
  const server = result?.kind === 'ready' || result?.kind === 'tools-failed' ? result.server : null;
  const tools = result?.kind === 'ready' ? (result.tools?.count ?? null) : null;
  return {
    name: target.name ?? target.display,
    client: target.client?.id ?? null,
    source: null,
    transport: 'stdio',
    address: target.display,
    status,
    cause: verdict?.cause ?? null,
    certainty: verdict?.certainty ?? null,
    summary: verdict?.summary ?? findings.find(({ severity }) => severity === 'warning')?.summary ?? healthy(evidence),
    path: stdioPathOf(evidence),
    findings: findings.map(reportFinding),
    server: server === null ? null : { name: server.name, version: server.version, protocol: server.protocol, tools },
    ...logOf(evidence.log),
    durationMs: round(durationMs),
  };
}

function healthy({ handshake }: StdioEvidence): string {
  const result = handshake?.result;
  if (result?.kind !== 'ready') return 'The handshake did not succeed.';
  const { server, tools } = result;
  const name = [server.name ?? 'The server', server.version].filter(Boolean).join(' ');
  const count = tools === null ? 'it offers no tools' : tools.count === 1 ? '1 tool' : `${tools.count} tools`;
  return `${name} answers: MCP ${server.protocol}, ${count}.`;
}

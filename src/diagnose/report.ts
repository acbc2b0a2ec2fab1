import type { Evidence } from '../model/evidence.ts';
import type { Finding } from '../model/finding.ts';
import type { Remedy } from '../model/remedy.ts';
import type { Report, ReportFinding, ReportRemedy, ReportTarget, TargetStatus } from '../model/report.ts';
import { effective } from '../model/view.ts';
import type { Judgement } from './judge.ts';
import { logOf } from './logs.ts';
import { pathOf, round } from './path.ts';

/** One target's part of the report. */
export function reportTarget(evidence: Evidence, judgement: Judgement, durationMs: number): ReportTarget {
  const { target } = evidence;
  const { verdict, findings, status } = judgement;
  const handshake = effective(evidence);
  const result = handshake?.result;
  const server = result?.kind === 'ready' || result?.kind === 'tools-failed' ? result.server : null;
  const tools = result?.kind === 'ready' ? (result.tools?.count ?? null) : null;
  return {
    name: target.name ?? target.display,
    client: target.client?.id ?? null,
    source: null,
    transport: server !== null && handshake !== undefined ? handshake.transport : (target.transport ?? 'http'),
    address: target.display,
    status,
    cause: verdict?.cause ?? null,
    certainty: verdict?.certainty ?? null,
    summary: verdict?.summary ?? findings.find(({ severity }) => severity === 'warning')?.summary ?? healthy(evidence),
    path: pathOf(evidence),
    findings: findings.map(reportFinding),
    server: server === null ? null : { name: server.name, version: server.version, protocol: server.protocol, tools },
    ...logOf(evidence.log),
    durationMs: round(durationMs),
  };
}

function healthy(evidence: Evidence): string {
  const result = effective(evidence)?.result;
  if (result?.kind !== 'ready') return 'The handshake did not succeed.';
  const { server, tools } = result;
  const name = [server.name ?? 'The server', server.version].filter(Boolean).join(' ');
  const count = tools === null ? 'it offers no tools' : tools.count === 1 ? '1 tool' : `${tools.count} tools`;
  return `${name} answers: MCP ${server.protocol}, ${count}.`;
}

/** A finding as the report shows it. */
export function reportFinding({ cause, severity, certainty, summary, evidence, hiddenBy, remedies }: Finding): ReportFinding {
  return { cause, severity, certainty, summary, evidence, hiddenBy, remedies: remedies.map(reportRemedy) };
}

/** A remedy as the report shows it; file and diff of an edit come from whoever knows the entry. */
export function reportRemedy(remedy: Remedy): ReportRemedy {
  return {
    kind: remedy.kind === 'mend' ? 'edit' : remedy.kind,
    title: remedy.title,
    automatic: false,
    file: null,
    diff: null,
    command: remedy.kind === 'run' ? remedy.command : null,
    value: remedy.kind === 'edit' ? remedy.value : remedy.kind === 'set' ? `${remedy.variable}=${remedy.value}` : null,
  };
}

/** How many targets came out how. */
export function summarise(targets: readonly ReportTarget[]): Report['summary'] {
  const count = (status: TargetStatus) => targets.filter((target) => target.status === status).length;
  return { ok: count('ok'), warning: count('warning'), failed: count('failed'), skipped: count('skipped') };
}

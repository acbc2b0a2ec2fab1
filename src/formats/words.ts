import type { Certainty, Severity } from '../model/cause.ts';
import type { Report, ReportFinding, ReportTarget, TargetStatus } from '../model/report.ts';

/** A duration for people: `0.4 ms`, `12 ms`, `1.2 s`, `2 min 5 s`. */
export function renderDuration(ms: number): string {
  if (ms < 9.95) return `${ms.toFixed(1)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** How a verdict is introduced. */
export const STATUS_WORDS = {
  ok: 'OK',
  warning: 'Warning',
  failed: 'Failed',
  skipped: 'Skipped',
} satisfies Record<TargetStatus, string>;

/** How sure a finding is, as the heading of its evidence. */
export const CERTAINTY_WORDS = {
  proved: 'Proved',
  likely: 'Likely, not proved',
  possible: 'Possible, not proved',
} satisfies Record<Certainty, string>;

const SEVERITY_WORDS = {
  error: 'Next error',
  warning: 'Warning',
  advice: 'Advice',
} satisfies Record<Severity, string>;

/** What a finding besides the main one is. */
export function kindOf({ severity, hiddenBy }: ReportFinding): string {
  return hiddenBy === null ? SEVERITY_WORDS[severity] : `Explained by ${hiddenBy}`;
}

/** The finding a target's summary speaks of: the verdict, or the reason for a warning or a skip. */
export function mainFinding(target: ReportTarget): ReportFinding | undefined {
  switch (target.status) {
    case 'failed':
      return target.findings.find((finding) => finding.cause === target.cause);
    case 'warning':
      return target.findings.find((finding) => finding.severity === 'warning');
    case 'skipped':
      return target.findings[0];
    case 'ok':
      return undefined;
  }
}

/** What was found besides the main finding; what another finding explains away only when asked for. */
export function otherFindings(target: ReportTarget, withHidden: boolean): readonly ReportFinding[] {
  const main = mainFinding(target);
  return target.findings.filter((finding) => finding !== main && (withHidden || finding.hiddenBy === null));
}

/** `3 targets: 1 ok, 2 failed`. */
export function renderCounts({ targets, summary }: Report): string {
  const parts = (['ok', 'warning', 'failed', 'skipped'] as const).filter((status) => summary[status] > 0);
  const counts = parts.map((status) => `${summary[status]} ${status}`).join(', ');
  return `${targets.length} ${targets.length === 1 ? 'target' : 'targets'}${counts === '' ? '' : `: ${counts}`}`;
}

/** What identifies a target: its name as well when it has one of its own, in the form in which it can be asked for again. */
export function targetTitle({ name, address, client }: Pick<ReportTarget, 'name' | 'address' | 'client'>): string {
  const own = client === null ? name : `${client}:${name}`;
  return name === address ? (client === null ? address : own) : `${own}  ${address}`;
}

/** What sets clients apart that know a server by the same name: who reaches it, who does not, and why. */
export function differences({ targets }: Report): readonly string[] {
  const groups = new Map<string, ReportTarget[]>();
  for (const target of targets)
    if (target.client !== null && target.transport !== null) groups.set(target.name, [...(groups.get(target.name) ?? []), target]);
  return [...groups].flatMap(([name, group]) => {
    const reaching = [...new Set(group.filter(({ status }) => status === 'ok' || status === 'warning').map(({ client }) => client))];
    const failing = group.filter(({ status, client }) => status === 'failed' && !reaching.includes(client));
    if (reaching.length === 0) return [];
    return failing.map(
      ({ client, summary }) =>
        `${name}: ${reaching.join(', ')} ${reaching.length === 1 ? 'reaches' : 'reach'} it, ${client ?? ''} does not: ${summary}`,
    );
  });
}

import type { Format } from '../model/format.ts';
import type { ReportFinding, ReportRemedy, ReportTarget } from '../model/report.ts';
import { copyable, printable } from './foreign.ts';
import { mainFinding, otherFindings, renderCounts, STATUS_WORDS, targetTitle } from './words.ts';

/**
 * Workflow commands of GitHub Actions, which become annotations of a run.
 * @see https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
 */
export const format: Format = {
  id: 'github',
  mediaType: 'text/plain',
  extension: 'txt',
  render(report) {
    const lines = report.targets.flatMap((target) => [
      verdict(target),
      ...otherFindings(target, false).map((finding) =>
        annotation(LEVELS[finding.severity], finding.cause, target, finding.summary, finding),
      ),
    ]);
    return [...lines, `mcpreach: ${renderCounts(report)}`].map((line) => `${line}\n`).join('');
  },
};

type Level = 'error' | 'warning' | 'notice';

const LEVELS = { error: 'error', warning: 'warning', advice: 'notice' } as const satisfies Record<ReportFinding['severity'], Level>;

function verdict(target: ReportTarget): string {
  const main = mainFinding(target);
  switch (target.status) {
    case 'failed':
      return annotation('error', target.cause ?? 'failed', target, target.summary, main);
    case 'warning':
      return annotation('warning', main?.cause ?? 'warning', target, target.summary, main);
    case 'skipped':
      return annotation('notice', main?.cause ?? 'skipped', target, target.summary, main);
    case 'ok':
      // The prefix keeps foreign text from being read as a command: those start a line.
      return `mcpreach: ${STATUS_WORDS.ok}: ${printable(targetTitle(target))}: ${printable(target.summary)}`;
  }
}

function annotation(level: Level, code: string, target: ReportTarget, summary: string, finding: ReportFinding | undefined): string {
  const { source } = target;
  const properties: Readonly<Record<string, string | number>> = {
    ...(source === null ? {} : { file: source.file, line: source.line, col: source.column }),
    title: `mcpreach: ${code}`,
  };
  const list = Object.entries(properties)
    .map(([name, value]) => `${name}=${escapeProperty(String(value))}`)
    .join(',');
  const message = [`${printable(targetTitle(target))}: ${printable(summary)}`, ...(finding?.remedies ?? []).flatMap(steps)];
  return `::${level} ${list}::${escapeData(message.join('\n'))}`;
}

function steps({ title, command, value }: ReportRemedy): string[] {
  const exact = command ?? value;
  return [`Mend: ${printable(title)}`, ...(exact === null ? [] : [`  ${copyable(exact)}`])];
}

/** A command's message: the runner decodes these three and nothing else. */
export function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** A command's property, where `:` and `,` end it. */
export function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

import type { Format } from '../model/format.ts';
import type { PathStep, Report, ReportFinding, ReportRemedy, ReportTarget } from '../model/report.ts';
import { logNotes } from './log-words.ts';
import { copyable, printable } from './foreign.ts';
import { CERTAINTY_WORDS, mainFinding, otherFindings, renderCounts, renderDuration, kindOf, STATUS_WORDS } from './words.ts';

/** For a bug report: verdict and mend in sight, the way and the machine folded. */
export const format: Format = {
  id: 'markdown',
  mediaType: 'text/markdown',
  extension: 'md',
  render(report, { verbose }) {
    const parts = report.targets.map((target) => renderTarget(target, verbose));
    const many = report.targets.length === 1 ? [] : [`${renderCounts(report)}.`];
    return `${[...many, ...parts, environment(report)].join('\n\n')}\n`;
  },
};

function renderTarget(target: ReportTarget, verbose: boolean): string {
  const main = mainFinding(target);
  const title = target.name === target.address ? '' : `${inline(target.name)} `;
  const parts = [`### ${STATUS_WORDS[target.status]}: ${title}${code(target.address)}`];
  parts.push(main === undefined ? inline(target.summary) : `**${inline(target.summary)}** (${code(main.cause)})`);
  if (main !== undefined) parts.push(...findingParts(main));
  for (const finding of otherFindings(target, verbose)) {
    parts.push(`**${kindOf(finding)}:** ${inline(finding.summary)} (${code(finding.cause)})`);
    parts.push(...findingParts(finding));
  }
  const notes = logNotes(target, verbose);
  if (notes.length > 0) parts.push(['Logs:', '', ...notes.map((note) => `- ${inline(note)}`)].join('\n'));
  parts.push(folded('The way to the server', way(target)));
  return parts.join('\n\n');
}

function findingParts({ certainty, evidence, remedies }: ReportFinding): string[] {
  const parts: string[] = [];
  if (evidence.length > 0) parts.push([`${CERTAINTY_WORDS[certainty]}:`, '', ...evidence.map((fact) => `- ${inline(fact)}`)].join('\n'));
  if (remedies.length > 0) parts.push(['Mend:', '', ...remedies.map(renderRemedy)].join('\n'));
  return parts;
}

function renderRemedy({ title, command, value, diff, file }: ReportRemedy, index: number): string {
  const number = `${index + 1}. `;
  const indent = ' '.repeat(number.length);
  const lines = [`${number}${inline(title)}${file === null ? '' : ` (${code(file)})`}`];
  if (diff !== null) lines.push(...fence('diff', diff.split('\n').map(copyable)).map((line) => indent + line));
  else if (command !== null) lines.push(...fence('sh', [copyable(command)]).map((line) => indent + line));
  else if (value !== null) lines.push(...fence('', [copyable(value)]).map((line) => indent + line));
  return lines.join('\n');
}

function way({ path, server, durationMs }: ReportTarget): string {
  const row = ({ layer, status, ms, detail }: PathStep) =>
    `| ${layer} | ${status} | ${ms === null ? '' : renderDuration(ms)} | ${inline(detail).replaceAll(/\\?\|/g, '\\|')} |`;
  const lines = ['| layer | status | time | detail |', '|---|---|---|---|', ...path.map(row)];
  if (server !== null) {
    const name = server.name === null ? 'unnamed' : `${server.name} ${server.version ?? ''}`.trim();
    lines.push('', `Server: ${inline(name)}, protocol ${inline(server.protocol)}${server.tools === null ? '' : `, ${server.tools} tools`}`);
  }
  lines.push('', `Diagnosed in ${renderDuration(durationMs)}.`);
  return lines.join('\n');
}

function environment({ version, startedAt, host }: Report): string {
  const container = host.container === null ? 'no container' : `container ${inline(host.container)}`;
  const facts = [`mcpreach ${inline(version)}`, inline(host.platform), `Node ${inline(host.node)}`, container, host.wsl ? 'WSL' : 'no WSL'];
  return folded('Environment', `${facts.join(', ')}; ${inline(startedAt)}`);
}

/** GitHub needs the blank lines to read Markdown inside. */
function folded(summary: string, body: string): string {
  return `<details><summary>${summary}</summary>\n\n${body}\n\n</details>`;
}

/** Prose: URLs and whatever a forge would turn into a mention or a reference as code, the rest with its punctuation escaped. */
export function inline(text: string): string {
  return printable(text)
    .split(/(\s+)/)
    .map((word) => (/[@#]|:\/\//.test(word) ? codeWithTail(word) : word.replace(/[\\`*_{}[\]<>|~&]/g, '\\$&')))
    .join('');
}

/** A sentence's own punctuation after a URL is no part of it. */
function codeWithTail(word: string): string {
  const tail = /[.,;:!?)"']*$/.exec(word)?.[0] ?? '';
  return code(word.slice(0, word.length - tail.length)) + tail;
}

/** A code span, whatever it holds. */
export function code(text: string): string {
  const shown = printable(text);
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const ticks = '`'.repeat(longest + 1);
  const gap = shown === '' || shown.startsWith('`') || shown.endsWith('`') ? ' ' : '';
  return `${ticks}${gap}${shown}${gap}${ticks}`;
}

function fence(language: string, lines: readonly string[]): string[] {
  const longest = Math.max(2, ...lines.flatMap((line) => [...line.matchAll(/`+/g)].map(([run]) => run.length)));
  const ticks = '`'.repeat(longest + 1);
  return [ticks + language, ...lines, ticks];
}

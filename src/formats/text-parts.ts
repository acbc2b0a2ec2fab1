/** The pieces of the text format. Each returns whole lines, so that they can be printed one by one or together. */
import type { PathStep, Report, ReportFinding, ReportRemedy, ReportTarget } from '../model/report.ts';
import { copyable } from './foreign.ts';
import { logNotes } from './log-words.ts';
import { type Look, SEVERITY_MARKS, STATUS_MARKS } from './look.ts';
import {
  CERTAINTY_WORDS,
  differences,
  kindOf,
  mainFinding,
  otherFindings,
  renderCounts,
  renderDuration,
  STATUS_WORDS,
  targetTitle,
} from './words.ts';
import { lengthOf, pad, wrap } from './wrap.ts';

/** Room for the longest layer name. */
const LAYER_WIDTH = 7;
/** Room for `59.9 s` or `999 ms` at the end of a line. */
const TIME_WIDTH = 9;

/** Joins lines to text that ends in a line feed. */
export function toText(lines: readonly string[]): string {
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

/** The line a target begins with. */
export function heading(address: string, look: Look): string[] {
  return [look.paint.bold(copyable(address))];
}

/** One layer: mark, name, what was seen, and how long it took at the right edge. */
export function stepLines({ layer, status, ms, detail }: PathStep, look: Look): string[] {
  return layerLines(look.mark(status), pad(layer, LAYER_WIDTH), look.prose(detail), ms, look);
}

/** Layers nobody walked, which have nothing to tell, in one line. */
export function skippedLines(steps: readonly PathStep[], look: Look): string[] {
  const groups: { detail: string; layers: string[] }[] = [];
  for (const { layer, detail } of steps) {
    const last = groups.at(-1);
    if (last?.detail === detail) last.layers.push(layer);
    else groups.push({ detail, layers: [layer] });
  }
  return groups.flatMap(({ detail, layers }) =>
    layerLines(look.mark('skipped'), pad(layers.join(', '), LAYER_WIDTH), look.prose(detail === '' ? 'not reached' : detail), null, look),
  );
}

function layerLines(mark: string, name: string, detail: string, ms: number | null, look: Look): string[] {
  const indent = 4 + lengthOf(name) + 1;
  const [first = '', ...rest] = wrap(detail, look.width - indent - TIME_WIDTH - 1);
  const time = ms === null ? '' : look.paint.dim(renderDuration(ms).padStart(TIME_WIDTH));
  const gap = ' '.repeat(Math.max(1, look.width - indent - lengthOf(first) - TIME_WIDTH));
  return [`  ${mark} ${name} ${first}${gap}${time}`.trimEnd(), ...rest.map((line) => ' '.repeat(indent) + line)];
}

/** Everything below a target's layers: verdict, evidence, mend, and what else was found. */
export function conclusion(target: ReportTarget, verbose: boolean, look: Look): string[] {
  const main = mainFinding(target);
  const lines = ['', ...verdictLines(target, look)];
  if (main !== undefined) {
    lines.push(...evidenceLines(main, look));
    lines.push(...mendLines(main, look));
  }
  const others = otherFindings(target, verbose);
  if (others.length > 0) lines.push('', look.paint.bold('Also found:'), ...others.flatMap((finding) => otherLines(finding, verbose, look)));
  const notes = logNotes(target, verbose);
  if (notes.length > 0)
    lines.push('', look.paint.bold('Logs:'), ...notes.flatMap((note) => hanging(`  ${look.mark('bullet')} `, 4, note, look)));
  return lines;
}

/** The verdict in words, bold. */
export function verdictLines({ status, summary }: ReportTarget, look: Look): string[] {
  const word = `${STATUS_WORDS[status]}:`;
  const [first = '', ...rest] = wrap(`${word} ${look.prose(summary)}`, look.width);
  const tint = { ok: look.paint.green, warning: look.paint.yellow, failed: look.paint.red, skipped: look.paint.dim }[status];
  return [tint(look.paint.bold(word)) + look.paint.bold(first.slice(word.length)), ...rest.map(look.paint.bold)];
}

/** Certainty in words, the cause's code, and the facts. */
export function evidenceLines({ certainty, cause, evidence }: ReportFinding, look: Look): string[] {
  const colon = evidence.length === 0 ? '' : ':';
  return [
    `  ${CERTAINTY_WORDS[certainty]} ${look.paint.dim(`(${cause})`)}${colon}`,
    ...evidence.flatMap((fact) => hanging(`  ${look.mark('bullet')} `, 4, fact, look)),
  ];
}

/** Numbered exact steps; what is to be copied stands on its own line, unbroken and without prompt characters. */
export function mendLines({ remedies }: ReportFinding, look: Look): string[] {
  if (remedies.length === 0) return [];
  const width = String(remedies.length).length;
  return [
    '',
    look.paint.bold('Mend:'),
    ...remedies.flatMap((remedy, index) => {
      const number = `  ${String(index + 1).padStart(width)}. `;
      return [...hanging(number, number.length, remedy.title, look), ...exactLines(remedy, ' '.repeat(number.length + 2), look)];
    }),
  ];
}

function exactLines({ command, value, diff, file }: ReportRemedy, indent: string, look: Look): string[] {
  const { dim, cyan } = look.paint;
  const lines = file === null ? [] : [dim(copyable(file))];
  if (diff !== null) {
    // A change of masked values only shows nothing.
    if (diff.includes('@@')) lines.push(...diffLines(diff, look));
  } else {
    const exact = command ?? value;
    if (exact !== null) lines.push(cyan(copyable(exact)));
  }
  return lines.map((line) => indent + line);
}

/** A unified diff line by line. Tabs are shown as blanks; a carriage return belongs to the line's end and is not shown. */
export function diffLines(diff: string, { paint }: Look): string[] {
  return diff
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => {
      const shown = copyable(line.replace(/\r$/, '').replaceAll('\t', '    '));
      if (/^(?:---|\+\+\+|@@) /.test(line)) return paint.dim(shown);
      return line.startsWith('+') ? paint.green(shown) : line.startsWith('-') ? paint.red(shown) : shown;
    });
}

/** A finding besides the main one: one sentence and its first remedy. */
function otherLines(finding: ReportFinding, verbose: boolean, look: Look): string[] {
  const sentence = `${kindOf(finding)}: ${finding.summary} (${finding.cause})`;
  const lines = hanging(`  ${look.mark(finding.hiddenBy === null ? SEVERITY_MARKS[finding.severity] : 'skipped')} `, 4, sentence, look);
  if (verbose) lines.push(...finding.evidence.flatMap((fact) => hanging(`    ${look.mark('bullet')} `, 6, fact, look)));
  for (const remedy of verbose ? finding.remedies : finding.remedies.slice(0, 1)) {
    lines.push(...hanging(`    ${look.mark('arrow')} `, 6, remedy.title, look), ...exactLines(remedy, ' '.repeat(8), look));
  }
  return lines;
}

/** Prose behind `prefix`, whose visible width is `indent`. */
function hanging(prefix: string, indent: number, text: string, look: Look): string[] {
  const [first = '', ...rest] = wrap(look.prose(text), look.width - indent);
  return [prefix + first, ...rest.map((line) => ' '.repeat(indent) + line)];
}

/** Many targets at a glance: mark, address, verdict, time; entries of configs with client, name and transport. */
export function tableLines(report: Report, look: Look): string[] {
  return report.targets.some(({ client }) => client !== null) ? clientTable(report, look) : addressTable(report, look);
}

/** Columns as wide as what stands in them; a long one gives way. */
function clientTable(report: Report, look: Look): string[] {
  const rows = report.targets.map((target) => [
    target.client ?? '',
    copyable(target.client === null ? targetTitle(target) : target.name),
    target.transport ?? '',
    mainFinding(target)?.cause ?? target.status,
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => lengthOf(row[column] ?? ''))));
  const others = widths.reduce((sum, width, column) => sum + (column === 1 ? 0 : width), 0);
  widths[1] = Math.max(8, Math.min(widths[1] ?? 0, look.width - others - TIME_WIDTH - 10));
  const lines = report.targets.map((target, index) => {
    const cells = (rows[index] ?? []).map((cell, column) => pad(cell, widths[column] ?? 0)).join('  ');
    return `  ${look.mark(STATUS_MARKS[target.status])} ${cells}${look.paint.dim(renderDuration(target.durationMs).padStart(TIME_WIDTH))}`;
  });
  const notes = differences(report).flatMap((note) => hanging(`  ${look.mark('advice')} `, 4, note, look));
  return [...lines, ...(notes.length === 0 ? [] : ['', ...notes])];
}

function addressTable({ targets }: Report, look: Look): string[] {
  const codes = targets.map((target) => mainFinding(target)?.cause ?? target.status);
  const codeWidth = Math.max(...codes.map(lengthOf));
  const room = look.width - 4 - 2 - codeWidth - TIME_WIDTH;
  const titles = targets.map((target) => copyable(targetTitle(target)));
  // A few long addresses may stick out; they do not push everybody's verdict off the screen.
  const titleWidth = Math.max(...titles.map(lengthOf).filter((length) => length <= room), 1);
  return targets.map((target, index) => {
    const code = pad(codes[index] ?? '', codeWidth);
    const time = renderDuration(target.durationMs).padStart(TIME_WIDTH);
    return `  ${look.mark(STATUS_MARKS[target.status])} ${pad(titles[index] ?? '', titleWidth)}  ${code}${look.paint.dim(time)}`;
  });
}

/** The last line of a run over several targets. */
export function countLines(report: Report, look: Look): string[] {
  return ['', look.paint.bold(`${renderCounts(report)}.`)];
}

/** One line per target: status, address, summary and code. */
export function quietLines(target: ReportTarget, look: Look): string[] {
  const cause = mainFinding(target)?.cause;
  const address = copyable(targetTitle(target));
  return [`${look.mark(STATUS_MARKS[target.status])} ${address}: ${look.prose(target.summary)}${cause === undefined ? '' : ` (${cause})`}`];
}

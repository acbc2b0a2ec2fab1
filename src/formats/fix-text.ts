/** What `mcpreach fix` says to people. Each function returns whole lines as text. */
import type { RenderOptions } from '../model/format.ts';
import type { Report } from '../model/report.ts';
import { copyable } from './foreign.ts';
import { createLook, type Look } from './look.ts';
import { conclusion, countLines, diffLines, heading, tableLines, toText } from './text-parts.ts';
import { targetTitle } from './words.ts';

/** One edit as it is shown before it is made. */
export interface ShownEdit {
  readonly title: string;
  readonly servers: readonly string[];
  readonly diffs: readonly { readonly file: string; readonly diff: string }[];
}

/** An edit as a title and its diffs. */
export function renderPlanned({ title, servers, diffs }: ShownEdit, options: RenderOptions): string {
  const look = createLook(options);
  return toText([
    look.paint.bold(`${look.prose(serverWords(servers))}: ${look.prose(title)}`),
    ...diffs.flatMap(({ diff }) => diffLines(diff, look)),
    '',
  ]);
}

/** What became of an edit, on one line. */
export function renderOutcome(
  edit: { readonly title: string; readonly servers: readonly string[] },
  outcome: 'verified' | 'rolled-back' | { readonly refused: string },
  options: RenderOptions,
): string {
  const look = createLook(options);
  const words =
    outcome === 'verified'
      ? 'mended, and verified by a new diagnosis'
      : outcome === 'rolled-back'
        ? 'did not help; the old file is back'
        : `not done: ${outcome.refused}`;
  return toText([
    `  ${look.mark(outcome === 'verified' ? 'ok' : 'failed')} ${look.prose(`${serverWords(edit.servers)}: ${edit.title}: ${words}`)}`,
  ]);
}

function serverWords(servers: readonly string[]): string {
  return servers.length > 3 ? `${servers.slice(0, 3).join(', ')} and ${servers.length - 3} more` : servers.join(', ');
}

/** What is to be done by hand afterwards. */
export interface Aftermath {
  /** The client's own step that makes it read an entry again. */
  readonly reloads: readonly { readonly client: string; readonly step: string }[];
  /** Backups that undo what was done. */
  readonly backups: readonly { readonly id: string; readonly file: string }[];
}

/** The end of a run: all targets at a glance, what still fails, what to do now, how to undo. */
export function renderFixed(report: Report, { reloads, backups }: Aftermath, options: RenderOptions): string {
  const look = createLook(options);
  const left = report.targets.filter(({ status }) => status === 'failed' || status === 'warning');
  const many = options.quiet
    ? []
    : left.flatMap((target) => ['', ...heading(targetTitle(target), look), ...conclusion(target, options.verbose, look).slice(1)]);
  return toText([
    ...(report.targets.length === 0 ? [] : ['', ...tableLines(report, look)]),
    ...many,
    ...(report.targets.length === 0 ? ['No server was found.'] : countLines(report, look)),
    ...section(
      'Now:',
      reloads.map(({ client, step }) => `${client}: ${step}`),
      look,
    ),
    ...section(
      'Undo:',
      backups.map(({ id, file }) => `mcpreach fix --undo ${id}  (${file})`),
      look,
    ),
  ]);
}

function section(title: string, lines: readonly string[], look: Look): string[] {
  return lines.length === 0 ? [] : ['', look.paint.bold(title), ...lines.map((line) => `  ${look.mark('bullet')} ${look.prose(line)}`)];
}

/** Backups as a list, newest first. */
export function renderBackups(backups: readonly { readonly id: string; readonly date: string; readonly file: string }[]): string {
  if (backups.length === 0) return 'There are no backups.\n';
  return toText(backups.map(({ id, date, file }) => `${id}  ${date.replace(/\.\d+Z$/, 'Z')}  ${copyable(file)}`));
}

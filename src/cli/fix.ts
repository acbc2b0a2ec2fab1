import { FORMAT_IDS, loadFormat } from '../formats/catalogue.ts';
import { renderBackups, renderFixed, renderOutcome, renderPlanned } from '../formats/fix-text.ts';
import { UsageError } from '../model/errors.ts';
import type { FormatId } from '../model/ids.gen.ts';
import { type Asker, isYes, openAsker } from './ask.ts';
import { hasFlag, type Parsed, valueOf, valuesOf } from './command.ts';
import { askForConsent } from './consent.ts';
import type { Session } from './session.ts';

/** Mends what an edit of a config can mend, and shows what it did; or lists and restores backups. */
export async function runFix(parsed: Parsed, session: Session): Promise<number> {
  const modes = ['list', 'undo', 'dry-run'].filter((name) => parsed.options[camel(name)] !== undefined);
  if (modes.length > 1)
    throw new UsageError('conflicting-options', `--${modes[0]} and --${modes[1]} contradict each other; give one of them.`);
  if (hasFlag(parsed, 'list')) return list(session);
  if (parsed.options['undo'] !== undefined) return takeBack(valueOf(parsed, 'undo') ?? null, session);
  return mend(parsed, session);
}

function camel(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

async function list(session: Session): Promise<number> {
  const { backups } = await import('../commands/fix/command.ts');
  const all = await backups();
  session.result({ schema: 'mcpreach.backups/1', backups: all }, renderBackups(all));
  return 0;
}

async function takeBack(id: string | null, session: Session): Promise<number> {
  const { restore } = await import('../commands/fix/command.ts');
  const outcome = await restore(id);
  const { backup } = outcome;
  const error = outcome.kind === 'refused' ? outcome.reason : null;
  const words = {
    restored: `Restored ${backup.file} as it was before ${backup.date}.\n`,
    unchanged: `${backup.file} is as it was already.\n`,
    refused: `Not restored: ${backup.file}: ${error ?? ''}.\n`,
  };
  session.result(
    { schema: 'mcpreach.undo/1', id: backup.id, file: backup.file, restored: outcome.kind === 'restored', error },
    words[outcome.kind],
  );
  return outcome.kind === 'refused' ? 1 : 0;
}

async function mend(parsed: Parsed, session: Session): Promise<number> {
  const { runFix: run } = await import('../commands/fix/command.ts');
  const format = formatOf(parsed);
  const dryRun = hasFlag(parsed, 'dryRun');
  const { look } = session;
  // Another format is one whole document on stdout; what is asked about has to be seen all the same.
  const print = format === 'text' ? session.print : dryRun || hasFlag(parsed, 'yes') ? () => undefined : session.note;
  const asker = hasFlag(parsed, 'yes') || dryRun ? null : openAsker();
  const { report, exitCode, declined, reloads, backups } = await run({
    targets: parsed.words,
    config: valueOf(parsed, 'config'),
    client: valueOf(parsed, 'client'),
    timeout: valueOf(parsed, 'timeout'),
    patience: valueOf(parsed, 'patience'),
    ca: valueOf(parsed, 'ca'),
    headers: valuesOf(parsed, 'header'),
    spawn: parsed.options['spawn'] !== false,
    yes: hasFlag(parsed, 'yes'),
    dryRun,
    confirm: hasFlag(parsed, 'yes') ? async () => true : confirmBy(asker, session),
    tell: (event) => {
      if (event.kind === 'planned') print(renderPlanned(event.question, look));
      else if (event.kind === 'refused') print(renderOutcome(event, { refused: event.reason }, look));
      else print(renderOutcome(event.question, event.kind, look));
    },
    ...(asker === null ? {} : { ask: (question) => askForConsent(question, session) }),
    signal: session.signal,
    onEvent: (event) => session.progress(event),
  });
  session.signal.throwIfAborted();
  if (format !== 'text') session.print((await loadFormat(format)).render(report, look));
  else if (!dryRun) session.print(renderFixed(report, { reloads, backups }, look));
  if (dryRun && declined === 0) session.note('mcpreach: there is nothing that an edit could mend.\n');
  else if (!dryRun && declined > 0 && asker === null) {
    session.note('mcpreach: nothing was written, since there is no terminal to ask on; --yes makes the edits without asking.\n');
  }
  return exitCode;
}

/** Asks for one edit after the other; `a` agrees to the rest, `q` to none of it. */
function confirmBy(asker: Asker | null, session: Session): () => Promise<boolean> {
  let rest: boolean | null = asker === null ? false : null;
  return async () => {
    if (rest !== null || asker === null) return rest === true;
    const answer = await asker.ask('Make this edit? [y]es, [N]o, [a]ll, [q]uit: ', session.signal);
    if (answer === 'a' || answer === 'all') rest = true;
    if (answer === 'q' || answer === 'quit') rest = false;
    return rest ?? isYes(answer);
  };
}

function formatOf(parsed: Parsed): FormatId {
  const given = valueOf(parsed, 'format');
  const id = FORMAT_IDS.find((one) => one === given);
  if (!hasFlag(parsed, 'json')) return id ?? 'text';
  if (id !== undefined && id !== 'json')
    throw new UsageError('conflicting-options', `--json and --format ${id} contradict each other; give one of them.`);
  return 'json';
}

/** Commands of a project's config are started only after the user agreed to them. */
import type { Surroundings } from '../../clients/locate.ts';
import type { ConfigFile } from '../../model/config.ts';
import { maskForeign } from '../../model/redact.ts';
import { hashOf } from '../../system/atomic-file.ts';
import { stateFolder } from '../../system/state-folder.ts';
import { isTrusted, recordTrust } from '../../system/trust-file.ts';
import { isInside } from './inside.ts';
import type { EntryTarget, Target } from './known.ts';

/** A question about one config file: may its commands be started? */
export interface ConsentQuestion {
  /** The file as it is shown. */
  readonly file: string;
  /** The command lines in it, secrets masked. */
  readonly commands: readonly string[];
}

export type AskUser = (question: ConsentQuestion) => Promise<boolean>;

export interface ConsentOptions {
  readonly surroundings: Surroundings;
  /** Whether stdio servers of configs may be started at all. */
  readonly spawn: boolean;
  /** Whether the user agreed to every command beforehand. */
  readonly yes: boolean;
  /** Asks the user; absent where nobody can answer. */
  readonly ask?: AskUser | undefined;
}

/** Asks about the files that need it, and tells of which the commands may be started. */
export async function consentTo(targets: readonly Target[], options: ConsentOptions): Promise<(file: ConfigFile) => boolean> {
  const agreed = await agreedFiles(targets, options);
  return (file) => !needsConsent(file, options.surroundings) || agreed.has(file.path);
}

/** Whether anybody who writes to the working directory could have put a command into this file. */
function needsConsent({ scope, path }: ConfigFile, { cwd, platform }: Surroundings): boolean {
  return scope === 'project' || (scope === 'custom' && isInside(cwd, path, platform));
}

async function agreedFiles(targets: readonly Target[], { surroundings, spawn, yes, ask }: ConsentOptions): Promise<ReadonlySet<string>> {
  const waiting = targets.filter(
    (target): target is EntryTarget =>
      target.kind === 'entry' &&
      target.entry.transport === 'stdio' &&
      !target.entry.disabled &&
      target.entry.unread !== 'hidden' &&
      needsConsent(target.entry.file, surroundings),
  );
  const paths = [...new Set(waiting.map(({ entry }) => entry.file.path))];
  if (yes || !spawn) return new Set(yes ? paths : []);
  const state = stateFolder(surroundings.environment, surroundings.home);
  const agreed = new Set<string>();
  // One question after the other: a terminal has one prompt.
  for (const path of paths) {
    const own = waiting.filter(({ entry }) => entry.file.path === path);
    const [first] = own;
    if (first === undefined) continue;
    const hash = hashOf(first.text);
    if (await isTrusted(state, path, hash)) agreed.add(path);
    else if (ask !== undefined && (await ask({ file: first.entry.file.shown, commands: [...new Set(own.map(commandLine))] }))) {
      agreed.add(path);
      await recordTrust(state, path, hash);
    }
  }
  return agreed;
}

function commandLine({ entry: { command, args } }: EntryTarget): string {
  return maskForeign([command ?? '', ...args].join(' '));
}

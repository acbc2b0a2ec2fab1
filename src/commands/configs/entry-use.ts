/** What is to be done with one entry of a config: what would be sent or started for it, or why nothing is. */
import { expandEntry } from '../../clients/expand.ts';
import type { Surroundings } from '../../clients/locate.ts';
import type { StdioInput, TargetInput } from '../../diagnose/options.ts';
import type { ConfigEntry, ConfigFile, ConfigProblem } from '../../model/config.ts';
import type { Skip } from '../../model/config-evidence.ts';
import type { CauseId } from '../../model/ids.gen.ts';
import { inputOf } from './entry-input.ts';
import type { EntryTarget } from './known.ts';

export interface UseContext {
  readonly surroundings: Surroundings;
  /** What the entry's file of variables holds. */
  readonly fileVariables: (entry: ConfigEntry) => Readonly<Record<string, string>>;
  /** Whether stdio servers may be started at all. */
  readonly spawn: boolean;
  /** Whether the user agreed to the commands of this file. */
  readonly agreed: (file: ConfigFile) => boolean;
}

export interface EntryUse {
  /** The entry with its references replaced as its client does it. */
  readonly expanded: ConfigEntry;
  /** What its client would send or start; null when nothing is to be. */
  readonly input: TargetInput | StdioInput | null;
  /** Why it is left alone; null when it is not. */
  readonly skip: Skip | null;
  /** What is wrong with it; never without an error where nothing can be made of it. */
  readonly problems: readonly ConfigProblem[];
}

/** The code that tells why an entry is left alone. */
export const SKIPPED_BY = {
  'switched-off': 'switched-off',
  'no-spawn': 'not-started',
  'no-consent': 'config-needs-approval',
  rejected: 'config-needs-approval',
  hidden: 'config-duplicate-name',
} as const satisfies Record<Skip, CauseId>;

/** Reads an entry as its client would use it. */
export function useOf(target: EntryTarget, context: UseContext): EntryUse {
  const { entry, client } = target;
  const { environment, home, project } = context.surroundings;
  const expanded = withVariables(expandEntry(client, entry, environment, { home, project }), context.fileVariables(entry));
  const skip = skipOf(target, context);
  const usable = inputOf(target, expanded, context.surroundings);
  const problems =
    usable === null && skip === null && !target.problems.some(isError) ? [...target.problems, unusable(target)] : target.problems;
  // Some clients do not even try when a variable is missing; others hand on the reference itself, and so do we.
  const isRefused =
    client.expansion.whenUnset === 'error' && problems.some((problem) => problem.code === 'config-unset-variable' && isError(problem));
  return { expanded, input: skip === null && !isRefused ? usable : null, skip, problems };
}

/** The entry's own variables win over those of its file. */
function withVariables(entry: ConfigEntry, variables: Readonly<Record<string, string>>): ConfigEntry {
  return { ...entry, env: { ...variables, ...entry.env } };
}

function skipOf({ entry, client }: EntryTarget, { spawn, agreed }: UseContext): Skip | null {
  if (entry.unread === 'hidden' || entry.unread === 'superseded') return 'hidden';
  if (entry.disabled) return 'switched-off';
  if (entry.approval === 'rejected' && client.approval.scopes.length > 0) return 'rejected';
  if (entry.transport !== 'stdio') return null;
  if (!spawn) return 'no-spawn';
  return agreed(entry.file) ? null : 'no-consent';
}

function isError({ severity }: ConfigProblem): boolean {
  return severity === 'error';
}

/** An entry that says neither what to start nor where to go, in a way no rule has a word for. */
function unusable({ entry, client }: EntryTarget): ConfigProblem {
  const what = entry.url === null ? 'has neither a command nor an address' : 'has an address that is no http:// or https:// URL';
  return {
    code: 'config-bad-entry',
    severity: 'error',
    certainty: 'proved',
    file: entry.file,
    server: entry.name,
    position: entry.at['url']?.position ?? entry.position,
    line: '',
    summary: `The entry ${entry.name} of ${client.title} ${what}.`,
    advice: 'Write a command, or a URL that begins with http:// or https://.',
    mend: null,
    ifReached: null,
  };
}

/** From entries of configs to servers that can be spoken to or started. */
import type { Surroundings } from '../../clients/locate.ts';
import { readStdioTarget } from '../../diagnose/stdio-target.ts';
import { readTarget } from '../../diagnose/target.ts';
import type { Skip } from '../../model/config-evidence.ts';
import { UsageError } from '../../model/errors.ts';
import type { Reach, ReachRequest } from '../reach.ts';
import { consentTo } from './consent.ts';
import { type EntryUse, SKIPPED_BY, useOf } from './entry-use.ts';
import { readEnvFiles } from './env-files.ts';
import type { EntryTarget, Target } from './known.ts';
import { secretsOfEntry } from './secrets.ts';

interface Used {
  readonly target: EntryTarget;
  readonly use: EntryUse;
}

/**
 * The servers among what a word means. Entries out of use are passed over while there are others.
 * @throws UsageError whose code is that of the cause when one cannot be used, or none is left.
 */
export async function reachEntries(
  word: string,
  targets: readonly Target[],
  request: ReachRequest & { readonly surroundings: Surroundings },
): Promise<readonly Reach[]> {
  const { surroundings, yes = false, ask } = request;
  const entries = targets.filter((target) => target.kind === 'entry');
  const [agreed, fileVariables] = await Promise.all([
    consentTo(entries, { surroundings, spawn: true, yes, ask }),
    readEnvFiles(entries, surroundings),
  ]);
  const used = entries.map((target): Used => ({ target, use: useOf(target, { surroundings, fileVariables, spawn: true, agreed }) }));
  const found = used.flatMap((one) => reachOf(one, request));
  const stopped = used.filter(({ use }) => use.input === null);
  const blocked = stopped.find(({ use }) => !isOutOfUse(use.skip)) ?? (found.length === 0 ? stopped[0] : undefined);
  if (blocked !== undefined) throw refusal(blocked);
  if (found.length === 0) throw unreadable(word, targets);
  return distinct(found);
}

function isOutOfUse(skip: Skip | null): boolean {
  return skip === 'hidden' || skip === 'switched-off' || skip === 'rejected';
}

function reachOf({ target: { entry, client }, use }: Used, { headers = {} }: ReachRequest): readonly Reach[] {
  const { input, expanded } = use;
  if (input === null) return [];
  const own = [...secretsOfEntry(entry), ...secretsOfEntry(expanded)];
  if ('command' in input) {
    const { target, secrets } = readStdioTarget(input, {});
    return [{ name: entry.name, display: target.display, input, secrets: [...own, ...secrets], client: client.id }];
  }
  const complete = { ...input, headers: withDefaults(input.headers ?? {}, headers) };
  const { target, secrets } = readTarget(complete, {});
  return [{ name: entry.name, display: target.display, input: complete, secrets: [...own, ...secrets], client: client.id }];
}

/** Names of headers are not case-sensitive. */
function withDefaults(own: Readonly<Record<string, string>>, more: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const names = new Set(Object.keys(own).map((name) => name.toLowerCase()));
  return { ...Object.fromEntries(Object.entries(more).filter(([name]) => !names.has(name.toLowerCase()))), ...own };
}

/** Several clients may have the same server: it is reached once. */
function distinct(found: readonly Reach[]): readonly Reach[] {
  const known = new Set<string>();
  return found.filter(({ input }) => {
    const key = JSON.stringify({ ...input, name: undefined, client: undefined });
    return !known.has(key) && known.add(key);
  });
}

const WHY: Readonly<Record<Skip, (target: EntryTarget) => string>> = {
  'switched-off': ({ entry, client }) => `${client.title} has ${entry.name} switched off (${entry.file.shown}).`,
  'no-spawn': ({ entry }) => `${entry.name} may not be started.`,
  'no-consent': ({ entry }) =>
    `${entry.name} starts a command that stands in ${entry.file.shown}, a file of the working directory. Agree to it with --yes.`,
  rejected: ({ entry, client }) => `${entry.name} was rejected in ${client.title} (${entry.file.shown}).`,
  hidden: ({ entry, client }) => `${client.title} does not use ${entry.name} of ${entry.file.shown}: another entry of that name wins.`,
};

function refusal({ target, use: { skip, problems } }: Used): UsageError {
  if (skip !== null) return new UsageError(SKIPPED_BY[skip], WHY[skip](target));
  const problem =
    problems.find(({ code, severity }) => severity === 'error' && code === 'config-unset-variable') ??
    problems.find(({ severity }) => severity === 'error');
  if (problem === undefined) return new UsageError('config-bad-entry', `Nothing can be made of the entry ${target.entry.name}.`);
  return new UsageError(problem.code, `${problem.summary} ${problem.advice}`);
}

/** Files in which no server can be read. */
function unreadable(word: string, targets: readonly Target[]): UsageError {
  if (targets.some(({ kind }) => kind === 'compose'))
    return new UsageError('unknown-target', `${word} is a Compose file, which is read by doctor only. Give the address of a server.`);
  const problem = targets.flatMap((target) => (target.kind === 'file' ? target.problems : [])).find(({ severity }) => severity === 'error');
  if (problem === undefined) return new UsageError('unknown-target', `There is no server in ${word}.`);
  return new UsageError(problem.code, `${problem.summary} ${problem.advice}`);
}

import type { Approval, ConfigEntry, ConfigProblem, Unread } from '../model/config.ts';
import type { Client, StateList } from './client.ts';
import { isObject, problemIn, TOP } from './problem.ts';
import type { FileReading } from './read-file.ts';

/** A file with what the machine says about it. */
export interface FoundFile extends FileReading {
  /** Another file is read in its place on this machine. */
  readonly replaced: boolean;
}

/** A list of approvals or switches as it was read. */
export interface StateValue {
  readonly means: StateList['means'];
  readonly value: unknown;
}

/** All files of one client together: which entries count, which are hidden, approved or off. Pure. */
export function settle(client: Client, files: readonly FoundFile[], states: readonly StateValue[]): readonly FoundFile[] {
  const ordered = [...files].sort((a, b) => rank(client, a) - rank(client, b));
  const exclusive = ordered.find(({ rule, entries }) => rule.exclusive && entries.length > 0);
  const hasCurrent = ordered.some(
    ({ rule, replaced, entries }) => rule.read === undefined && !replaced && rule.scope === 'user' && entries.length > 0,
  );
  const taken = new Set<string>();
  return ordered.map((file): FoundFile => {
    const why = notRead(file, exclusive, hasCurrent);
    const entries = file.entries.map((entry) => {
      const unread: Unread | null = why ?? entry.unread;
      const hidden = unread === null && client.merge !== 'side-by-side' && taken.has(entry.name);
      if (unread === null) taken.add(entry.name);
      const off = isOff(entry, states);
      return {
        ...entry,
        unread: hidden ? 'hidden' : unread,
        disabled: entry.disabled || off,
        approval: approvalOf(client, entry, states),
      } as const;
    });
    return { ...file, entries, problems: [...file.problems, ...(why === null ? [] : [unreadFile(client, file, ordered, exclusive)])] };
  });
}

function rank(client: Client, { rule }: FileReading): number {
  const index = client.precedence.indexOf(rule.scope);
  return (index === -1 ? client.precedence.length : index) + (rule.read === undefined ? 0 : 100);
}

function notRead(file: FoundFile, exclusive: FoundFile | undefined, hasCurrent: boolean): Unread | null {
  if (file.entries.length === 0 || file.rule.read === 'never') return null;
  if (file.replaced) return 'wrong-file';
  if (exclusive !== undefined && file !== exclusive) return 'superseded';
  return file.rule.read === 'older' && hasCurrent && file.rule.scope === 'user' ? 'superseded' : null;
}

function unreadFile(client: Client, file: FoundFile, all: readonly FoundFile[], exclusive: FoundFile | undefined): ConfigProblem {
  const current = all.find(({ rule, replaced }) => rule.read === undefined && !replaced && rule.scope === file.rule.scope);
  const move = current === undefined ? null : `Move the servers to ${current.file.shown}.`;
  const { why, advice } =
    exclusive !== undefined && file !== exclusive
      ? {
          why: `${client.title} reads ${exclusive.file.shown} alone, which the administrator of this machine has set`,
          advice: 'Ask the administrator to add the servers there.',
        }
      : file.replaced
        ? {
            why: `the ${client.title} installed here reads a copy in its package's folder`,
            advice: move ?? `Write the servers into that copy; the settings of ${client.title} open it.`,
          }
        : {
            why: `only older versions of ${client.title} read it, and there is a current file`,
            advice: move ?? 'Move the servers to the current file.',
          };
  return problemIn(file, {
    code: 'config-wrong-file',
    server: null,
    position: file.entries[0]?.position ?? TOP,
    severity: file.rule.read === 'older' ? 'warning' : 'error',
    certainty: file.rule.read === 'older' ? 'likely' : 'proved',
    summary: `${file.file.shown} is not read: ${why}.`,
    advice,
  });
}

function names(states: readonly StateValue[], means: StateList['means']): readonly string[] | null {
  const lists = states.filter((state) => state.means === means && Array.isArray(state.value));
  return lists.length === 0 ? null : lists.flatMap(({ value }) => (Array.isArray(value) ? value.map(String) : []));
}

function isOff(entry: ConfigEntry, states: readonly StateValue[]): boolean {
  const only = names(states, 'only');
  return (names(states, 'off') ?? []).includes(entry.name) || (only !== null && !only.includes(entry.name));
}

function approvalOf({ approval }: Client, entry: ConfigEntry, states: readonly StateValue[]): Approval {
  if (!approval.scopes.includes(entry.file.scope)) return 'not-needed';
  if ((names(states, 'rejected') ?? []).includes(entry.name)) return 'rejected';
  if (states.some(({ means, value }) => means === 'all' && value === true)) return 'approved';
  if ((names(states, 'approved') ?? []).includes(entry.name)) return 'approved';
  return approval.lists.some(({ means }) => means === 'approved') ? 'needed' : 'unknown';
}

/** What stands at a list's keys; `<project>` matches any of the project's folders. */
export function stateAt(document: unknown, key: readonly string[], projects: readonly string[]): readonly unknown[] {
  const paths = key.includes('<project>') ? projects.map((project) => key.map((part) => (part === '<project>' ? project : part))) : [key];
  return paths.flatMap((path) => {
    let value = document;
    for (const part of path) value = isObject(value) && Object.hasOwn(value, part) ? value[part] : undefined;
    return value === undefined ? [] : [value];
  });
}

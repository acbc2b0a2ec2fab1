import type { Environment, Setting } from './rule.ts';

/** The first of these variables that is set to something; an empty one counts as unset. */
export function firstFilled(environment: Environment, names: readonly string[]): Setting | null {
  for (const variable of names) {
    const value = environment[variable];
    if (value !== undefined && value !== '') return { variable, value };
  }
  return null;
}

/** The first of these variables that exists; an empty one hides those after it. */
export function firstPresent(environment: Environment, names: readonly string[]): Setting | null {
  for (const variable of names) {
    const value = environment[variable];
    if (value !== undefined) return { variable, value };
  }
  return null;
}

/** On Windows a variable's name has no case: both spellings of every proxy variable, so that each reader finds its own. */
export function withBothCases(environment: Environment): Environment {
  const copy: Record<string, string | undefined> = { ...environment };
  for (const [name, value] of Object.entries(environment)) {
    if (!/_proxy$/i.test(name)) continue;
    copy[name.toLowerCase()] ??= value;
    copy[name.toUpperCase()] ??= value;
  }
  return copy;
}

import type { ExplainedCause } from '../../facts/signatures/checks.ts';
import { CHECKS } from '../../facts/signatures/checks.ts';
import type { ConfigEntry, ConfigProblem } from '../../model/config.ts';
import { homeFolder } from '../../system/home.ts';
import type { EntryTarget, Target } from '../configs/known.ts';
import type { Spoken } from './rank.ts';

/** What a config file adds to a text. */
export interface ConfigHints {
  /** The entry that the text is about, when that can be told. */
  readonly entry: Pick<ConfigEntry, 'client' | 'transport' | 'url'> | null;
  /** What is wrong with it, or with the file. */
  readonly problems: readonly Spoken[];
}

/** How much a fault in the file speaks for itself: an error prevents the entry's use whatever the text says. */
const WEIGHTS = { error: 8, warning: 3, advice: 0 } as const;

/**
 * Reads the config file that the text is about. Nothing is started or asked.
 * @throws UsageError when there is no such file.
 */
export async function readHints(file: string, text: string): Promise<ConfigHints> {
  const { resolveTargets } = await import('../targets.ts');
  const { env, platform } = process;
  const place = { cwd: process.cwd(), home: homeFolder(env), platform, environment: env };
  const { targets } = await resolveTargets([], { ...place, configFile: file, clientId: null });
  return hintsFrom(targets, text);
}

/** The part of {@link readHints} that needs no file. */
export function hintsFrom(targets: readonly Target[], text: string): ConfigHints {
  const entries = targets.filter((one): one is EntryTarget => one.kind === 'entry');
  const named = entries.filter(({ entry }) => isNamed(entry.name, text));
  const [about] = named.length > 0 ? named : entries.length === 1 ? entries : [];
  const files = targets.filter((one) => one.kind === 'file');
  // A fault of another entry is no matter of this text, one of the whole file is.
  const problems = [
    ...(about?.problems ?? entries.flatMap((one) => one.problems.filter(({ server }) => server === null))),
    ...files.flatMap((one) => one.problems),
  ];
  return { entry: about?.entry ?? null, problems: [...new Map(problems.map((one) => [one.summary, one])).values()].flatMap(spoken) };
}

function spoken({ code, severity, summary }: ConfigProblem): readonly Spoken[] {
  const weight = WEIGHTS[severity];
  if (weight === 0 || !(code in CHECKS)) return [];
  return [{ id: `config ${code}`, says: summary, why: `The config: ${summary}`, causes: { [code as ExplainedCause]: weight } }];
}

function isNamed(name: string, text: string): boolean {
  return name.length > 1 && new RegExp(`(?<![\\w-])${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w-])`).test(text);
}

import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import type { Surroundings } from '../../clients/locate.ts';
import type { ConfigEntry } from '../../model/config.ts';
import { readText } from '../../system/config-files.ts';
import type { Target } from './known.ts';

/** What the files of variables hold that entries name, by entry; nothing for one that cannot be read. */
export async function readEnvFiles(
  targets: readonly Target[],
  { home, cwd }: Surroundings,
): Promise<(entry: ConfigEntry) => Readonly<Record<string, string>>> {
  const found = new Map<ConfigEntry, Readonly<Record<string, string>>>();
  for (const target of targets) {
    if (target.kind !== 'entry' || target.entry.envFile === null) continue;
    const path = target.entry.envFile.replace(/^~(?=[/\\])/, () => home).replace(/\$\{(?:workspaceFolder|cwd)\}/g, () => cwd);
    const reading = await readText(resolve(cwd, path));
    if (reading.kind === 'text') found.set(target.entry, parseEnv(reading.text) as Record<string, string>);
  }
  return (entry) => found.get(entry) ?? {};
}

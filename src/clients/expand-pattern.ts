import { posix, win32 } from 'node:path';
import { exists, namesIn } from '../system/config-files.ts';
import type { Surroundings } from './locate.ts';

/** Existing paths that a path with `*` in its parts stands for. */
export async function expandPattern(pattern: string, { platform }: Pick<Surroundings, 'platform'>): Promise<readonly string[]> {
  if (!pattern.includes('*')) return (await exists(pattern)) ? [pattern] : [];
  const path = platform === 'win32' ? win32 : posix;
  const { root } = path.parse(pattern);
  let folders: readonly string[] = [root];
  for (const part of pattern.slice(root.length).split(path.sep)) {
    if (!part.includes('*')) {
      folders = folders.map((folder) => path.join(folder, part));
      continue;
    }
    const matcher = new RegExp(
      `^${part
        .split('*')
        .map((text) => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
        .join('.*')}$`,
      platform === 'win32' ? 'i' : '',
    );
    const found = await Promise.all(
      folders.map(async (folder) => (await namesIn(folder)).filter((name) => matcher.test(name)).map((name) => path.join(folder, name))),
    );
    folders = found.flat();
  }
  const present = await Promise.all(folders.map(exists));
  return folders.filter((_, index) => present[index]);
}

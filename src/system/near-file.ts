import { readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The nearest file of that name in the folder of another file or above it, links resolved; null when there is none. */
export function readNearest(file: string, name: string): { readonly path: string; readonly text: string } | null {
  let folder: string;
  try {
    folder = dirname(realpathSync(file));
  } catch {
    return null;
  }
  for (;;) {
    const path = join(folder, name);
    try {
      return { path, text: readFileSync(path, 'utf8') };
    } catch {
      if (dirname(folder) === folder) return null;
      folder = dirname(folder);
    }
  }
}

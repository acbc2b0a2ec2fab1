/** How a finished build is recognised. */
import { at, newestChange } from './project.mjs';

/** Written at the end of a good build; holds the time of the newest source that went into it. */
export const STAMP = at('build', '.stamp');

/** What a build depends on. */
const SOURCES = ['src', 'test', 'bench', 'package.json', 'package-lock.json', 'tsconfig.json', 'scripts/build.mjs', 'scripts/lib'];

/** Latest change of any of them, in milliseconds since 1970. */
export function newestSource() {
  return newestChange(SOURCES.map((path) => at(path)));
}

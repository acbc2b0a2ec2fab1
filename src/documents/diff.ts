import { createTwoFilesPatch } from 'diff';

/** Lines of context around a change, as in `diff -u`. */
const CONTEXT = 3;

/** A unified diff for showing. Both texts are expected with their secrets masked already. */
export function unifiedDiff(file: string, before: string, after: string): string {
  const patch = createTwoFilesPatch(file, file, before, after, undefined, undefined, { context: CONTEXT });
  // The first line is a row of equals signs, which patch programs skip.
  return patch.replace(/^=+\n/, '');
}

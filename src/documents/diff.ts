import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';

/** Lines of context around a change, as in `diff -u`. */
const CONTEXT = 3;

/** A unified diff for showing. Both texts are expected with their secrets masked already. */
export function unifiedDiff(file: string, before: string, after: string): string {
  return createTwoFilesPatch(file, file, before, after, undefined, undefined, { context: CONTEXT, headerOptions: FILE_HEADERS_ONLY });
}

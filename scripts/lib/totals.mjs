/** How lanes hand their numbers on: the closing line, and how it is read. */

/** `3 passed, 0 failed`, with `, 1 skipped` only when any was. */
export function closingLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** The numbers of the last closing line in a text, null when there is none. */
export function readClosingLine(text) {
  const last = [...text.matchAll(/^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?\s*$/gm)].at(-1);
  return last === undefined ? null : { passed: Number(last[1]), failed: Number(last[2]), skipped: Number(last[3] ?? 0) };
}

/** Whether a closing line is the last thing in a text. */
export function endsWithClosingLine(text) {
  return /(?:^|\n)\d+ passed, \d+ failed(?:, \d+ skipped)?\s*$/.test(text);
}

/** Words, where anything between backticks and a number with its unit count as one word. */
const WORDS = /(?:`[^`]*`|\d (?=(?:ms|s|min)\b)|[^\s`])+|`/g;

/** Breaks prose into lines of at most `width` characters. Words are never broken, so URLs and paths stay whole even when they are longer. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.match(WORDS) ?? []) {
    if (line === '') line = word;
    else if (lengthOf(line) + 1 + lengthOf(word) <= width) line += ` ${word}`;
    else {
      lines.push(line);
      line = word;
    }
  }
  lines.push(line);
  return lines;
}

/** Characters as a reader counts them, near enough for columns: code points, not UTF-16 units. */
export function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length++;
  return length;
}

/** Fills up with blanks on the right. */
export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - lengthOf(text)));
}

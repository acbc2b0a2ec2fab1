import { maskForeign } from '../../model/redact.ts';
import { LONGEST_LINE, LONGEST_TEXT } from './limits.ts';

/** Colours, cursor movements and links of terminals (ECMA-48), and other control characters but tab and line feed. */
// biome-ignore lint: control characters are what is looked for.
const TERMINAL =
  /\u001B\[[\d;:?]{0,40}[ -/]?[@-~]|\u001B\][^\u0007\u001B\n]{0,400}(?:\u0007|\u001B\\)|[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\uFEFF\uFFFD]/g;

/** The end of a text, without what terminals and other systems put into it, and without secrets. */
export function clean(text: string): string {
  const lines = text.slice(-LONGEST_TEXT).split(/\r\n|[\r\n\u2028\u2029]/);
  const plain = lines.map((line) => line.slice(0, LONGEST_LINE).replace(TERMINAL, ''));
  return maskForeign(repeatedOnce(plain).join('\n'));
}

/** A log that says the same a thousand times says it once. */
function repeatedOnce(lines: readonly string[]): readonly string[] {
  return lines.filter((line, index) => line !== lines[index - 1]);
}

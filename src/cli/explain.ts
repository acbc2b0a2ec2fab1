import type { Explanation } from '../model/explanation.ts';
import { renderExplanation } from '../formats/explanation.ts';
import { UsageError } from '../model/errors.ts';
import { readLogTail } from '../system/log-tail.ts';
import { type Parsed, valueOf } from './command.ts';
import type { Session } from './session.ts';
import { readStdin } from './stdin.ts';

/** Longer words are no path. */
const LONGEST_PATH = 1_000;

/** Explains a text, a file, a cause code, or what comes on stdin. */
export async function runExplain(parsed: Parsed, session: Session): Promise<number> {
  const given = parsed.words.join(' ');
  if (given.trim() === '' && process.stdin.isTTY) {
    throw new UsageError(
      'missing-text',
      "Which text? Give an error message, a log file or a cause code, or pipe a log: mcpreach explain 'spawn npx ENOENT'",
    );
  }
  const [{ explain }, { LONGEST_TEXT }] = await Promise.all([import('../commands/explain.ts'), import('../commands/explain/limits.ts')]);
  const code = await accountFor(given);
  const text = code !== undefined ? '' : await textOf(parsed.words, given, 4 * LONGEST_TEXT, session.signal);
  const named = code ?? (await accountFor(text));
  const file = valueOf(parsed, 'config');
  const config =
    named !== undefined || file === undefined
      ? undefined
      : await (await import('../commands/explain/config-hints.ts')).readHints(file, text);
  const explanation = named ?? explain({ text, system: valueOf(parsed, 'os'), client: valueOf(parsed, 'client'), config });
  session.result(explanation, renderExplanation(explanation, session.look));
  return 0;
}

/** The page of a cause when the text is its code; the catalogue is loaded only then. */
async function accountFor(text: string): Promise<Explanation | undefined> {
  const word = text.trim();
  return CODE.test(word) ? (await import('../commands/explain/account.ts')).explainCode(word) : undefined;
}

const CODE = /^[a-z\d]+(?:-[a-z\d]+)*$/;

/** What was given: the words themselves, the end of the file that the only word names, or what comes on stdin. */
async function textOf(words: readonly string[], given: string, bytes: number, signal: AbortSignal): Promise<string> {
  if (given.trim() === '' || given === '-') return readStdin(bytes, signal);
  const [path = ''] = words;
  if (words.length > 1 || path.length > LONGEST_PATH || /[\n\0]/.test(path)) return given;
  const tail = await readLogTail(path, bytes);
  switch (tail.kind) {
    case 'text':
      return tail.text;
    case 'empty':
      return '';
    case 'compressed':
    case 'not-text':
      throw new UsageError('not-text', `${path} is ${tail.kind === 'compressed' ? 'compressed: unpack it first' : 'no text'}.`);
    case 'unreadable':
      // A message is no path: what the system finds too long or forbidden there was none.
      if (tail.code === 'EACCES' || tail.code === 'EPERM')
        throw new UsageError('unreadable-file', `${path} cannot be read (${tail.code}).`);
      return given;
    default:
      return given;
  }
}

import { renderExplanation } from '../formats/explanation.ts';
import { UsageError } from '../model/errors.ts';
import { type Parsed, valueOf } from './command.ts';
import type { Session } from './session.ts';
import { readStdin } from './stdin.ts';

/** Explains a text, a cause code, or what comes on stdin. */
export async function runExplain(parsed: Parsed, session: Session): Promise<number> {
  const [{ explain }, { LONGEST_TEXT }] = await Promise.all([import('../commands/explain.ts'), import('../commands/explain/limits.ts')]);
  const given = parsed.words.join(' ');
  if (given.trim() === '' && process.stdin.isTTY) {
    throw new UsageError(
      'missing-text',
      "Which text? Give an error message or a cause code, or pipe a log: mcpreach explain 'spawn npx ENOENT'",
    );
  }
  const fromStdin = given.trim() === '' || given === '-';
  const text = fromStdin ? await readStdin(LONGEST_TEXT, session.signal) : given;
  const { explainCode } = await import('../commands/explain/account.ts');
  const explanation = explainCode(text.trim()) ?? explain({ text, system: valueOf(parsed, 'os'), client: valueOf(parsed, 'client') });
  session.result(explanation, renderExplanation(explanation, session.look));
  return 0;
}

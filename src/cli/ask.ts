import { createInterface } from 'node:readline/promises';

/** Asks on the terminal. Whoever has no terminal gets null from {@link openAsker}: a question nobody sees waits for ever. */
export interface Asker {
  /** The answer in lower case; empty when the input has ended. */
  ask(question: string, signal: AbortSignal): Promise<string>;
}

/** A way to ask, or null where nobody could answer. Questions go to stderr, since stdout holds the result only. */
export function openAsker({ stdin, stderr, env } = process): Asker | null {
  if (!stdin.isTTY || !stderr.isTTY || (env['CI'] ?? '') !== '') return null;
  return {
    async ask(question, signal) {
      // Not as a terminal: the system's own line editing leaves Ctrl-C to our handler of signals.
      const lines = createInterface({ input: stdin, output: stderr, terminal: false });
      try {
        const ended = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
        return (await Promise.race([lines.question(question, { signal }), ended])).trim().toLowerCase();
      } finally {
        lines.close();
      }
    },
  };
}

/** Whether an answer agrees; anything but yes is no. */
export function isYes(answer: string): boolean {
  return answer === 'y' || answer === 'yes';
}

import { createInterface } from 'node:readline/promises';
import type { ConsentQuestion } from '../commands/diagnose-targets.ts';
import { copyable } from '../formats/foreign.ts';
import type { Session } from './session.ts';

/** Whether somebody is there to be asked. */
export function canAsk({ json }: Session): boolean {
  return !json && process.stdin.isTTY === true && process.stderr.isTTY === true;
}

/** Shows the commands of a project's config and asks whether they may be started; anything but yes is no. */
export async function askForConsent({ file, commands }: ConsentQuestion, session: Session): Promise<boolean> {
  session.note(
    `${copyable(file)} is part of the working directory and starts:\n${commands.map((line) => `  ${copyable(line)}\n`).join('')}`,
  );
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await prompt.question('Start them, now and as long as the file stays as it is? [y/N] ', { signal: session.signal });
    return /^y(?:es)?$/i.test(answer.trim());
  } finally {
    prompt.close();
  }
}

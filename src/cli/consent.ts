import type { ConsentQuestion } from '../commands/configs/consent.ts';
import { copyable } from '../formats/foreign.ts';
import { isYes, openAsker } from './ask.ts';
import type { Session } from './session.ts';

/** Whether somebody is there to be asked. */
export function canAsk({ json }: Session): boolean {
  return !json && openAsker() !== null;
}

/** Shows the commands of a project's config and asks whether they may be started; anything but yes is no. */
export async function askForConsent({ file, commands }: ConsentQuestion, session: Session): Promise<boolean> {
  session.note(
    `${copyable(file)} is part of the working directory and starts:\n${commands.map((line) => `  ${copyable(line)}\n`).join('')}`,
  );
  const answer = await openAsker()?.ask('Start them, now and as long as the file stays as it is? [y/N] ', session.signal);
  return answer !== undefined && isYes(answer);
}

import { readWaitRequest } from '../commands/wait/request.ts';
import { type Waited, type WaitResult, waitForTargets } from '../commands/wait/wait.ts';
import { copyable } from '../formats/foreign.ts';
import { renderDuration } from '../formats/words.ts';
import { hasFlag, type Parsed, valueOf, valuesOf } from './command.ts';
import type { Session } from './session.ts';
import { createWaitingLine, type WaitingLine } from './waiting-line.ts';

/** Waits for every target, then runs the command; prints why when one is not ready. */
export async function runWait(parsed: Parsed, session: Session): Promise<number> {
  const quiet = hasFlag(parsed, 'quiet');
  const [program, ...args] = parsed.commandLine;
  const request = await readWaitRequest({
    targets: parsed.words,
    for: valueOf(parsed, 'for'),
    tools: valueOf(parsed, 'tools'),
    timeout: valueOf(parsed, 'timeout'),
    interval: valueOf(parsed, 'interval'),
    stable: valueOf(parsed, 'stable'),
    keepWaiting: hasFlag(parsed, 'keepWaiting'),
    headers: valuesOf(parsed, 'header'),
    ca: valueOf(parsed, 'ca'),
    config: valueOf(parsed, 'config'),
    client: valueOf(parsed, 'client'),
    yes: hasFlag(parsed, 'yes'),
    ask: await asker(session),
  });
  const line =
    quiet || session.json
      ? null
      : openLine(
          request.targets.map(({ display }) => display),
          session,
        );
  let waited: Waited;
  try {
    waited = await waitForTargets({ ...request, onSeen: (index, seen) => line?.seen(index, seen), signal: session.signal });
  } finally {
    line?.stop();
  }
  session.signal.throwIfAborted();
  const { result } = waited;
  if (!result.ready) {
    await tellFailure(waited, request.timeoutMs, program === undefined, session);
    return 1;
  }
  if (session.json) session.result(result, '');
  else if (program === undefined && !quiet) session.print(readyLines(result));
  else if (line?.wasShown() === true) session.note(`mcpreach: ready after ${renderDuration(longest(result))}\n`);
  return program === undefined ? 0 : await handOver([program, ...args], session);
}

/** Who is asked before the commands of a project are started; nobody where there is no terminal. */
async function asker(session: Session): Promise<Parameters<typeof readWaitRequest>[0]['ask']> {
  const { askForConsent, canAsk } = await import('./consent.ts');
  return canAsk(session) ? (question) => askForConsent(question, session) : undefined;
}

function openLine(targets: readonly string[], session: Session): WaitingLine {
  return createWaitingLine({ targets: targets.map(copyable), note: session.note, terminal: session.watched });
}

function longest({ targets }: WaitResult): number {
  return Math.max(0, ...targets.map(({ afterMs }) => afterMs ?? 0));
}

function readyLines({ targets }: WaitResult): string {
  return targets.map(({ address, afterMs }) => `${copyable(address)} is ready after ${renderDuration(afterMs ?? 0)}\n`).join('');
}

/** The doctor's report. stdout belongs to the command where there is one, even if it is never started. */
async function tellFailure({ result, report, givenUp }: Waited, timeoutMs: number, ownsStdout: boolean, session: Session): Promise<void> {
  if (session.json) return session.result(result, '');
  const { format } = await import('../formats/text.ts');
  const late = result.targets.filter(({ ready, last }) => !ready && (last !== null || !givenUp));
  const what = late.length === 1 ? copyable(late[0]?.address ?? '') : `${late.length} of ${result.targets.length} targets`;
  const were = late.length === 1 ? 'was' : 'were';
  const how = givenUp ? 'cannot get ready by waiting' : `${were} not ready within ${renderDuration(timeoutMs)}`;
  session.note(`mcpreach: ${what} ${how}\n`);
  const text = report === null ? '' : format.render(report, session.look);
  const notes = late.flatMap(({ last }) => (last !== null && last.cause === null ? [`${last.summary}\n`] : []));
  if (ownsStdout) session.print(text + notes.join(''));
  else session.note(text + notes.join(''));
}

/** From here on the terminal and all signals are the command's. */
async function handOver(command: readonly [string, ...string[]], session: Session): Promise<number> {
  const { runCommand } = await import('../system/processes/run-in-place.ts');
  await session.flushed();
  // A signal that arrived in the meantime was meant for us: nothing is started after it.
  session.signal.throwIfAborted();
  const running = runCommand(command);
  session.releaseSignals();
  const end = await running;
  if (end.kind === 'not-started') session.note(`mcpreach: ${copyable(end.why)}\n`);
  return end.code;
}

import type { DemoEvent } from '../commands/demo/demo.ts';
import { createLook, type Look } from '../formats/look.ts';
import { createTextStream, type TextStream } from '../formats/text-stream.ts';
import { wrap } from '../formats/wrap.ts';
import { hasFlag, type Parsed } from './command.ts';
import type { Session } from './session.ts';

/** Time to read one diagnosis before the next scene. */
const PAUSE_MS = 4000;

/** Shows the demo. Without an audience, or when told to be fast, there are no pauses. */
export async function runDemo(parsed: Parsed, session: Session): Promise<number> {
  const { demo } = await import('../commands/demo/demo.ts');
  const look = createLook(session.look);
  const { bold, dim } = look.paint;
  let stream: TextStream | null = null;
  const say = (...lines: readonly string[]) => session.print(lines.map((line) => `${line}\n`).join(''));
  const sceneTitle = (number: number, total: number, title: string) =>
    `${dim('='.repeat(4))} ${bold(`${number}/${total}  ${title}`)} ${dim('='.repeat(Math.max(0, look.width - title.length - 12)))}`;

  say(
    ...wrap(
      'A real MCP server runs inside this program. It is broken in one way after another, and the doctor is sent to each.',
      look.width,
    ),
    '',
  );
  const { counts, exitCode } = await demo({
    pauseMs: session.interactive && !hasFlag(parsed, 'fast') ? PAUSE_MS : 0,
    signal: session.signal,
    onEvent(event) {
      if (session.signal.aborted) return;
      switch (event.kind) {
        case 'scene':
          stream = createTextStream(session.look, 1);
          say(sceneTitle(event.number, event.total, event.title), ...wrap(event.staged.story, look.width));
          say('');
          return;
        case 'left-out':
          say(sceneTitle(event.number, event.total, event.title), `Left out: ${event.why}.`, '');
          return;
        case 'diagnosis':
          session.progress(event.event);
          session.print(stream?.event(event.event) ?? '');
          return;
        case 'verdict':
          session.print(stream?.end(event.report) ?? '');
          say('', resultLine(event, look), '');
          return;
      }
    },
  });
  session.signal.throwIfAborted();
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const missing = [
    ...(counts['left-out'] > 0 ? [`, ${counts['left-out']} left out`] : []),
    ...(counts.disturbed > 0 ? [`, ${counts.disturbed} disturbed by another MCP server of this machine`] : []),
  ];
  say(bold(`${counts['as-expected']} of ${total} scenes ended with the right verdict${missing.join('')}.`));
  say(`Your own server: mcpreach doctor http://localhost:3000/mcp`);
  return exitCode;
}

function resultLine({ result, verdict, expected }: Extract<DemoEvent, { kind: 'verdict' }>, look: Look): string {
  const { green, red, yellow } = look.paint;
  switch (result) {
    case 'as-expected':
      return `${look.mark('ok')} ${green(`found: ${verdict}`)}`;
    case 'disturbed':
      return `${look.mark('warning')} ${yellow('another MCP server of this machine was taken for the missing one')}`;
    case 'unexpected':
      return `${look.mark('failed')} ${red(`expected ${expected.join(' or ')}, found ${verdict}`)}`;
  }
}

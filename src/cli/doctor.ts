import { FORMAT_IDS, loadFormat } from '../formats/catalogue.ts';
import { UsageError } from '../model/errors.ts';
import type { DiagnosisListener } from '../model/events.ts';
import type { FormatId } from '../model/ids.gen.ts';
import { hasFlag, type Parsed, valueOf, valuesOf } from './command.ts';
import type { Session } from './session.ts';

/** Runs the doctor and prints its report; text as it comes, every other form at the end. */
export async function runDoctor(parsed: Parsed, session: Session): Promise<number> {
  const id = formatOf(parsed);
  if (hasFlag(parsed, 'quiet') && hasFlag(parsed, 'verbose')) {
    throw new UsageError('conflicting-options', '--quiet and --verbose contradict each other; give one of them.');
  }
  const [{ doctor }, view] = await Promise.all([
    import('../commands/doctor.ts'),
    openView(id, parsed.words.length + Math.min(1, parsed.commandLine.length), session),
  ]);
  const { report, exitCode } = await doctor({
    targets: parsed.words,
    command: parsed.commandLine,
    timeout: valueOf(parsed, 'timeout'),
    patience: valueOf(parsed, 'patience'),
    start: valueOf(parsed, 'start'),
    ca: valueOf(parsed, 'ca'),
    transport: valueOf(parsed, 'transport') === 'sse' ? 'sse' : valueOf(parsed, 'transport') === 'http' ? 'http' : undefined,
    headers: valuesOf(parsed, 'header'),
    strict: hasFlag(parsed, 'strict'),
    signal: session.signal,
    onEvent: (event) => {
      if (session.signal.aborted) return;
      session.progress(event);
      if (event.kind === 'cause-crashed')
        session.note(`mcpreach: internal error in cause ${event.cause}, please report it: ${event.message}\n`);
      view.event(event);
    },
  });
  session.signal.throwIfAborted();
  view.end(report);
  return exitCode;
}

interface View {
  readonly event: DiagnosisListener;
  readonly end: (report: Parameters<Awaited<ReturnType<typeof loadFormat>>['render']>[0]) => void;
}

async function openView(id: FormatId, total: number, session: Session): Promise<View> {
  if (id === 'text') {
    const { createTextStream } = await import('../formats/text-stream.ts');
    const stream = createTextStream(session.look, total);
    return { event: (event) => session.print(stream.event(event)), end: (report) => session.print(stream.end(report)) };
  }
  const format = await loadFormat(id);
  return { event: () => undefined, end: (report) => session.print(format.render(report, session.look)) };
}

function formatOf(parsed: Parsed): FormatId {
  const given = valueOf(parsed, 'format');
  const id = FORMAT_IDS.find((one) => one === given);
  if (!hasFlag(parsed, 'json')) return id ?? 'text';
  if (id !== undefined && id !== 'json')
    throw new UsageError('conflicting-options', `--json and --format ${id} contradict each other; give one of them.`);
  return 'json';
}

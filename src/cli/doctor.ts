import { FORMAT_IDS, loadFormat } from '../formats/catalogue.ts';
import { UsageError } from '../model/errors.ts';
import type { DiagnosisListener } from '../model/events.ts';
import type { FormatId } from '../model/ids.gen.ts';
import { hasFlag, type Parsed, valueOf, valuesOf } from './command.ts';
import { askForConsent, canAsk } from './consent.ts';
import type { Session } from './session.ts';

/** Runs the doctor and prints its report; text as it comes, every other form at the end. */
export async function runDoctor(parsed: Parsed, session: Session): Promise<number> {
  const id = formatOf(parsed);
  if (hasFlag(parsed, 'quiet') && hasFlag(parsed, 'verbose')) {
    throw new UsageError('conflicting-options', '--quiet and --verbose contradict each other; give one of them.');
  }
  const { doctor } = await import('../commands/doctor.ts');
  let view = CLOSED;
  const { report, exitCode, lookedInVain } = await doctor({
    targets: parsed.words,
    command: parsed.commandLine,
    timeout: valueOf(parsed, 'timeout'),
    patience: valueOf(parsed, 'patience'),
    start: valueOf(parsed, 'start'),
    exec: hasFlag(parsed, 'exec'),
    ca: valueOf(parsed, 'ca'),
    transport: valueOf(parsed, 'transport') === 'sse' ? 'sse' : valueOf(parsed, 'transport') === 'http' ? 'http' : undefined,
    headers: valuesOf(parsed, 'header'),
    config: valueOf(parsed, 'config'),
    client: valueOf(parsed, 'client'),
    spawn: parsed.options['spawn'] !== false,
    yes: hasFlag(parsed, 'yes'),
    ask: canAsk(session) ? (question) => askForConsent(question, session) : undefined,
    onTargets: async (total) => {
      view = await openView(id, total, session);
    },
    logs: valuesOf(parsed, 'log'),
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
  if (report.targets.length === 0) {
    const places = lookedInVain.length === 0 ? '' : ` Looked at:\n${lookedInVain.map((place) => `  ${place}\n`).join('')}`;
    session.note(
      `No MCP client config with a server was found here.${places === '' ? '\n' : places}Give an address or a command: mcpreach doctor http://localhost:3000/mcp, or mcpreach doctor -- npx -y some-server\n`,
    );
  }
  return exitCode;
}

interface View {
  readonly event: DiagnosisListener;
  readonly end: (report: Parameters<Awaited<ReturnType<typeof loadFormat>>['render']>[0]) => void;
}

/** Before it is known how many targets there are, nothing is shown. */
const CLOSED: View = { event: () => undefined, end: () => undefined };

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

import { UsageError } from '../model/errors.ts';
import type { ErrorDocument } from '../model/report.ts';
import { VERSION } from '../model/version.gen.ts';
import { type Interruption, listenForInterruption } from './interrupt.ts';
import { route } from './route.ts';
import { openSession, type Session } from './session.ts';

/** Wrong usage, unreadable input, our own fault. */
const OUR_FAULT = 2;
/** As a program that a closed pipe ended: 128 + SIGPIPE. */
const BROKEN_PIPE = 141;

/** Runs one invocation from arguments to exit code, and ends the process. */
export async function run(argv: readonly string[]): Promise<never> {
  const interruption = listenForInterruption();
  let broken = false;
  const session = openSession({
    argv,
    signal: interruption.signal,
    releaseSignals: () => interruption.release(),
    onBroken: () => {
      broken = true;
      interruption.abort();
    },
  });
  const code = await outcome(argv, session, interruption, () => broken);
  await session.close();
  // Not left to an empty event loop: a socket somebody keeps open must not keep the user waiting.
  process.exit(code);
}

async function outcome(argv: readonly string[], session: Session, interruption: Interruption, isBroken: () => boolean): Promise<number> {
  try {
    const code = await dispatch(argv, session);
    // An interrupted command may return all the same; what it says then is worth nothing.
    return interruption.exitCode() ?? code;
  } catch (error) {
    const interrupted = interruption.exitCode();
    if (interrupted !== null) {
      if (session.json) complain(session, { code: 'interrupted', message: 'Interrupted before the diagnosis was complete.' }, '');
      return interrupted;
    }
    if (isBroken()) return BROKEN_PIPE;
    explain(error, session);
    return OUR_FAULT;
  }
}

async function dispatch(argv: readonly string[], session: Session): Promise<number> {
  const way = route(argv);
  switch (way.kind) {
    case 'version':
      session.result({ schema: 'mcpreach.version/1', version: VERSION }, `${VERSION}\n`);
      return 0;
    case 'help':
      return (await import('./help.ts')).runHelp({ words: way.words, commandLine: [], options: {} }, session);
    case 'unknown-command': {
      const [{ unknownCommand }, { COMMANDS }] = await Promise.all([import('./parse.ts'), import('./commands.ts')]);
      throw unknownCommand(way.name, COMMANDS);
    }
    case 'command': {
      const { parse } = await import('./parse.ts');
      return way.command.run(parse(way.command, way.words), session);
    }
  }
}

function explain(error: unknown, session: Session): void {
  if (error instanceof UsageError) {
    complain(session, error, `mcpreach: ${error.message}\nHelp: mcpreach --help\n`);
    return;
  }
  const message = error instanceof Error ? error.message : String(error);
  const details = error instanceof Error && error.stack !== undefined ? error.stack : message;
  complain(session, { code: 'internal', message }, `mcpreach: this is a fault of mcpreach itself; please report it.\n${details}\n`);
}

function complain(session: Session, { code, message }: ErrorDocument['error'], text: string): void {
  const document: ErrorDocument = { schema: 'mcpreach.error/1', error: { code, message } };
  if (session.json) session.result(document, '');
  else session.note(text);
}

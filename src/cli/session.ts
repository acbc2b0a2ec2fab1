import { escapeJson } from '../formats/foreign.ts';
import type { DiagnosisListener } from '../model/events.ts';
import type { RenderOptions } from '../model/format.ts';
import { createProgress } from './progress.ts';
import { columnsOf, isTerminal, showsUnicode, wantsColors } from './terminal.ts';

/** The only way to the user: commands of this folder write here and nowhere else. */
export interface Session {
  /** Whether stdout is to hold one JSON document and nothing else. */
  readonly json: boolean;
  readonly columns: number;
  /** Whether somebody is watching stdout. */
  readonly interactive: boolean;
  /** Ends when the user interrupts or the reader of stdout has gone. */
  readonly signal: AbortSignal;
  /** How text for stdout should look. */
  readonly look: RenderOptions;
  /** Shows on stderr what takes long; does nothing where nobody would see it. */
  readonly progress: DiagnosisListener;
  /** The terminal that stderr leads to; null where nobody watches. */
  readonly watched: { readonly columns: () => number } | null;
  /** Writes to stdout. */
  print(text: string): void;
  /** Writes a result to stdout in the form that was asked for. */
  result(document: object, text: string): void;
  /** Writes to stderr. */
  note(text: string): void;
  /** Resolves when everything printed so far has been handed to the system. */
  flushed(): Promise<void>;
  /** Leaves every signal to the command that takes our place. */
  releaseSignals(): void;
  /** Erases the progress line and resolves when everything has been handed to the system. */
  close(): Promise<void>;
}

export interface SessionOptions {
  readonly argv: readonly string[];
  readonly signal: AbortSignal;
  /** Stops listening to signals. */
  readonly releaseSignals: () => void;
  /** Told once when stdout cannot take any more. */
  readonly onBroken: () => void;
}

export function openSession({ argv: all, signal, releaseSignals, onBroken }: SessionOptions): Session {
  const argv = ownWords(all);
  const { stdout, stderr, env } = process;
  const json = asksForJson(argv);
  const progress =
    isTerminal(stderr, env) && !argv.includes('--quiet')
      ? createProgress({
          write: (text) => stderr.write(text),
          columns: () => columnsOf(stderr, env),
          unicode: showsUnicode(env, process.platform),
        })
      : null;
  let broken = false;
  let written: Promise<void> = Promise.resolve();

  stdout.on('error', (error: NodeJS.ErrnoException) => {
    // EPIPE: the reader has seen enough (`| head -1`). Anything else (a full disk) cannot be told on stdout either.
    if (!broken && error.code !== 'EPIPE') stderr.write(`mcpreach: cannot write the result (${error.code ?? error.message})\n`);
    if (!broken) onBroken();
    broken = true;
  });
  stderr.on('error', () => undefined);

  function print(text: string): void {
    if (text === '' || broken) return;
    progress?.clear();
    const done = new Promise<void>((resolve) => stdout.write(text, () => resolve()));
    written = written.then(() => done);
  }

  return {
    json,
    columns: columnsOf(stdout, env),
    interactive: isTerminal(stdout, env) && stdout.isTTY,
    signal,
    look: {
      colors: wantsColors(stdout, env, argv),
      columns: columnsOf(stdout, env),
      unicode: showsUnicode(env, process.platform),
      verbose: argv.includes('--verbose'),
      quiet: argv.includes('--quiet'),
    },
    watched: isTerminal(stderr, env) ? { columns: () => columnsOf(stderr, env) } : null,
    flushed: () => written,
    releaseSignals,
    progress: (event) => progress?.event(event),
    print,
    result(document, text) {
      print(json ? `${escapeJson(JSON.stringify(document, null, 2))}\n` : text);
    },
    note(text) {
      progress?.clear();
      stderr.write(text);
    },
    async close() {
      progress?.stop();
      await written;
    },
  };
}

/** Looked up in the raw arguments: the promise of one document holds for arguments that cannot be parsed, too. */
export function asksForJson(argv: readonly string[]): boolean {
  const own = ownWords(argv);
  return own.some((word, index) => word === '--json' || word === '--format=json' || (word === '--format' && own[index + 1] === 'json'));
}

/** The arguments that are ours: what follows `--` belongs to another command. */
function ownWords(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  return end === -1 ? argv : argv.slice(0, end);
}

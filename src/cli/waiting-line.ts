/** Says what is waited for when it takes long: one line that is kept up to date on a terminal, one line in all elsewhere. */
import type { Sighting } from '../commands/wait/sighting.ts';
import { renderDuration } from '../formats/words.ts';
import { now, sleep } from '../system/clock.ts';

/** Shorter waits are over before anybody could read the line. */
const PATIENCE_MS = 1_000;
const EVERY_MS = 1_000;

/** Back to the first column, and everything from there erased. */
const ERASE = '\r\u001b[2K';

export interface WaitingLine {
  /** A target does something else than before. */
  seen(index: number, seen: Sighting): void;
  /** Whether anything was written. */
  wasShown(): boolean;
  stop(): void;
}

export interface WaitingLineOptions {
  /** As they are shown. */
  readonly targets: readonly string[];
  readonly note: (text: string) => void;
  /** The terminal's width; null where nobody watches. */
  readonly terminal: { readonly columns: () => number } | null;
}

export function createWaitingLine({ targets, note, terminal }: WaitingLineOptions): WaitingLine {
  const started = now();
  const stopped = new AbortController();
  const open = new Map<number, string>(targets.map((_, index) => [index, '']));
  let shown = false;
  let drawn = false;

  function text(): string {
    const [first] = open;
    if (first === undefined) return '';
    const [index, what] = first;
    const ready = targets.length > 1 ? `${targets.length - open.size} of ${targets.length} ready, ` : '';
    return `${ready}waiting for ${targets[index] ?? ''}${what === '' ? '' : ` (${what})`}`;
  }

  async function run(): Promise<void> {
    await sleep(PATIENCE_MS, stopped.signal);
    while (!stopped.signal.aborted && open.size > 0) {
      shown = true;
      if (terminal === null) return note(`mcpreach: ${text()}\n`);
      // A line that wraps could not be erased.
      note(ERASE + `${text()} ${renderDuration(Math.floor((now() - started) / 1000) * 1000)}`.slice(0, terminal.columns() - 1));
      drawn = true;
      await sleep(EVERY_MS, stopped.signal);
    }
  }

  void run();
  return {
    seen(index, seen) {
      if (seen.kind === 'ready') open.delete(index);
      else open.set(index, seen.what);
    },
    wasShown: () => shown,
    stop() {
      stopped.abort();
      if (drawn) note(ERASE);
      drawn = false;
    },
  };
}

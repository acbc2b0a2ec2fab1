import { stripVTControlCharacters } from 'node:util';

/** The last lines of a stream, in bounded memory. */
export interface Tail {
  push(chunk: Uint8Array): void;
  /** The stream is over: what stands after the last line break is a line too. */
  end(): void;
  /** Oldest first, without line breaks, colours or other terminal control. */
  lines(): readonly string[];
}

export interface TailOptions {
  readonly lines: number;
  /** A longer line is cut to this many characters. */
  readonly lineLength: number;
  /** Hears each whole line as it comes, before it is cut or stripped; lines of more than a megabyte come in pieces. */
  readonly onLine?: (line: string) => void;
}

const LONGEST_PENDING = 1024 * 1024;

/** Collects the last lines of a byte stream. Bytes that are no UTF-8 become U+FFFD; no input makes it throw or grow. */
export function createTail(options: TailOptions): Tail {
  const decoder = new TextDecoder();
  const kept: string[] = [];
  let pending = '';

  function readable(line: string): string {
    const plain = stripVTControlCharacters(line.slice(0, options.lineLength * 2)).trimEnd();
    // A carriage return alone redraws the line (progress bars): the last state is what one would see.
    return (plain.split('\r').at(-1) ?? '').slice(0, options.lineLength);
  }

  function add(line: string): void {
    options.onLine?.(line);
    const plain = readable(line);
    if (plain === '') return;
    kept.push(plain);
    if (kept.length > options.lines) kept.shift();
  }

  function feed(text: string): void {
    pending += text;
    for (let at = pending.indexOf('\n'); at >= 0; at = pending.indexOf('\n')) {
      add(pending.slice(0, at));
      pending = pending.slice(at + 1);
    }
    if (pending.length > LONGEST_PENDING) {
      add(pending);
      pending = '';
    }
  }

  return {
    push: (chunk) => feed(decoder.decode(chunk, { stream: true })),
    end() {
      feed(decoder.decode());
      if (pending !== '') add(pending);
      pending = '';
    },
    // A prompt or a daemon's last words have no line break yet.
    lines: () => (readable(pending) === '' ? [...kept] : [...kept, readable(pending)].slice(-options.lines)),
  };
}

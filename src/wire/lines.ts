/** Splits a byte stream into lines in bounded memory, however long a line is. */

export interface LineReader {
  push(chunk: Uint8Array): void;
  /** The stream is over: what stands after the last line break is a line too. */
  end(): void;
}

export interface LineReaderOptions {
  /** A line with more bytes is not kept. */
  readonly longest: number;
  /** Without its line break; bytes that are no UTF-8 become U+FFFD. */
  readonly onLine: (line: string) => void;
  /** A line that was too long, with its first bytes and its whole length. */
  readonly onTooLong: (start: string, bytes: number) => void;
}

const LINE_FEED = 0x0a;
const SHOWN_BYTES = 200;

/** Reads lines; a line that outgrows the limit is counted and dropped, and the next one is read as usual. */
export function createLineReader({ longest, onLine, onTooLong }: LineReaderOptions): LineReader {
  let parts: Uint8Array[] = [];
  let size = 0;
  let start: string | null = null;

  function add(part: Uint8Array): void {
    size += part.length;
    if (start !== null) return;
    // A copy: the chunk is a piece of a larger buffer that would stay alive with it.
    parts.push(Buffer.from(part));
    if (size <= longest) return;
    start = Buffer.concat(parts).subarray(0, SHOWN_BYTES).toString('utf8');
    parts = [];
  }

  function finish(): void {
    if (start === null) onLine(Buffer.concat(parts).toString('utf8').replace(/\r$/, ''));
    else onTooLong(start, size);
    parts = [];
    size = 0;
    start = null;
  }

  return {
    push(chunk) {
      let from = 0;
      for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, from)) {
        add(chunk.subarray(from, at));
        finish();
        from = at + 1;
      }
      if (from < chunk.length) add(chunk.subarray(from));
    },
    end() {
      if (size > 0) finish();
    },
  };
}

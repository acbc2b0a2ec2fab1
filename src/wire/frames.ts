/** Messages on a byte stream, one per line (specification, basic/transports, stdio). */

export interface FrameReader {
  push(chunk: Buffer): void;
  /** The stream is over: what stands after the last line break is a line too. */
  end(): void;
}

const LINE_FEED = 0x0a;

/** Hands on each line that is not blank, without copying what came in one piece. The longest message has `longest` bytes. */
export function createFrameReader(longest: number, onFrame: (line: Buffer) => void, onTooLong: (bytes: number) => void): FrameReader {
  let parts: Buffer[] = [];
  let size = 0;

  function finish(last: Buffer): void {
    const whole = parts.length === 0 ? last : Buffer.concat([...parts, last]);
    const bytes = size + last.length;
    parts = [];
    size = 0;
    if (bytes > longest) onTooLong(bytes);
    else if (!isBlank(whole)) onFrame(whole);
  }

  return {
    push(chunk) {
      let from = 0;
      for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, from)) {
        finish(chunk.subarray(from, at));
        from = at + 1;
      }
      if (from === chunk.length) return;
      const rest = chunk.subarray(from);
      size += rest.length;
      // A line beyond the limit is counted, and no longer kept.
      if (size > longest) parts = [];
      else parts.push(rest);
    },
    end() {
      if (size > 0) finish(Buffer.alloc(0));
    },
  };
}

function isBlank(line: Buffer): boolean {
  for (const byte of line) if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return false;
  return true;
}

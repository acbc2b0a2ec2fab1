/** One server-sent event (WHATWG HTML, section 9.2). */
export interface ServerSentEvent {
  readonly event: string;
  /** UTF-8, as it came. */
  readonly data: Buffer;
  /** The last id the stream gave, null when it gave none. */
  readonly id: string | null;
  /** Milliseconds after which to reconnect, when this event said so. */
  readonly retry: number | null;
}

/** An incremental reader of an event stream: feed bytes as they arrive, get the events they complete. */
export interface EventReader {
  feed(bytes: Uint8Array): ServerSentEvent[];
}

const LF = 0x0a;
const CR = 0x0d;
const COLON = 0x3a;
const SPACE = 0x20;
const LINE_FEED = Buffer.from('\n');
const BYTE_ORDER_MARK = Buffer.from('\uFEFF');
const DATA = Buffer.from('data');

/** Reads a stream of UTF-8 text; lines may end in LF, CRLF or CR, also split between two pieces. Data is not decoded. */
export function createEventReader(): EventReader {
  /** Pieces of the line that is not complete yet; joined once, so that a long line costs linear time. */
  let pieces: Buffer[] = [];
  let isFirstLine = true;
  /** The last line ended in CR: an LF that follows belongs to it. */
  let afterCr = false;
  let event = '';
  let data: Buffer[] = [];
  let id: string | null = null;
  let retry: number | null = null;

  function take(line: Buffer, out: ServerSentEvent[]): void {
    if (line.length === 0) {
      // Without a data line there is no event, whatever else was said.
      if (data.length > 0) out.push({ event: event === '' ? 'message' : event, data: joined(data), id, retry });
      event = '';
      data = [];
      retry = null;
      return;
    }
    const colon = line.indexOf(COLON);
    if (colon === 0) return;
    const name = colon < 0 ? line : line.subarray(0, colon);
    const start = colon < 0 ? line.length : colon + (line[colon + 1] === SPACE ? 2 : 1);
    if (name.equals(DATA)) data.push(line.subarray(start));
    else setField(name.toString(), line.toString('utf8', start));
  }

  function setField(name: string, value: string): void {
    if (name === 'event') event = value;
    else if (name === 'id' && !value.includes('\0')) id = value;
    else if (name === 'retry' && /^\d+$/.test(value)) retry = Number(value);
  }

  function finish(end: Buffer, out: ServerSentEvent[]): void {
    const line = pieces.length === 0 ? end : Buffer.concat([...pieces, end]);
    pieces = [];
    const marked = isFirstLine && line.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
    isFirstLine = false;
    take(marked ? line.subarray(BYTE_ORDER_MARK.length) : line, out);
  }

  return {
    feed(bytes) {
      const chunk = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes);
      const out: ServerSentEvent[] = [];
      if (chunk.length === 0) return out;
      let at = afterCr && chunk[0] === LF ? 1 : 0;
      afterCr = false;
      let lf = chunk.indexOf(LF, at);
      let cr = chunk.indexOf(CR, at);
      while (lf >= 0 || cr >= 0) {
        const isCr = cr >= 0 && (lf < 0 || cr < lf);
        const end = isCr ? cr : lf;
        finish(chunk.subarray(at, end), out);
        at = isCr && chunk[end + 1] === LF ? end + 2 : end + 1;
        afterCr = isCr && end + 1 === chunk.length;
        if (lf >= 0 && lf < at) lf = chunk.indexOf(LF, at);
        if (cr >= 0 && cr < at) cr = chunk.indexOf(CR, at);
      }
      if (at < chunk.length) pieces.push(chunk.subarray(at));
      return out;
    },
  };
}

function joined(lines: readonly Buffer[]): Buffer {
  const [first] = lines;
  if (lines.length === 1 && first !== undefined) return first;
  return Buffer.concat(lines.flatMap((line, index) => (index === 0 ? [line] : [LINE_FEED, line])));
}

/** One server-sent event (WHATWG HTML, section 9.2). */
export interface ServerSentEvent {
  readonly event: string;
  readonly data: string;
  /** The last id the stream gave, null when it gave none. */
  readonly id: string | null;
  /** Milliseconds after which to reconnect, when this event said so. */
  readonly retry: number | null;
}

/** An incremental reader of an event stream: feed text as it arrives, get the events it completes. */
export interface EventReader {
  feed(text: string): ServerSentEvent[];
}

/** Reads a stream of UTF-8 text; lines may end in LF, CRLF or CR, also split between two pieces. */
export function createEventReader(): EventReader {
  /** Pieces of the line that is not complete yet; joined once, so that a long line costs linear time. */
  let line: string[] = [];
  let first = true;
  /** The last line ended in CR: an LF that follows belongs to it. */
  let afterCr = false;
  let event = '';
  let data: string[] = [];
  let id: string | null = null;
  let retry: number | null = null;

  function take(text: string, out: ServerSentEvent[]): void {
    if (text === '') {
      // Without a data line there is no event, whatever else was said.
      if (data.length > 0) out.push({ event: event === '' ? 'message' : event, data: data.join('\n'), id, retry });
      event = '';
      data = [];
      retry = null;
      return;
    }
    const colon = text.indexOf(':');
    if (colon === 0) return;
    const field = colon < 0 ? text : text.slice(0, colon);
    const value = colon < 0 ? '' : text.slice(colon + 1).replace(/^ /, '');
    if (field === 'data') data.push(value);
    else if (field === 'event') event = value;
    else if (field === 'id' && !value.includes('\0')) id = value;
    else if (field === 'retry' && /^\d+$/.test(value)) retry = Number(value);
  }

  return {
    feed(text) {
      const out: ServerSentEvent[] = [];
      let at = first && text.startsWith('\uFEFF') ? 1 : 0;
      if (text !== '') first = false;
      for (let index = at; index < text.length; index++) {
        const char = text.charCodeAt(index);
        const second = afterCr && char === LF;
        afterCr = false;
        if (second) {
          at = index + 1;
        } else if (char === LF || char === CR) {
          line.push(text.slice(at, index));
          take(line.join(''), out);
          line = [];
          at = index + 1;
          afterCr = char === CR;
        }
      }
      if (at < text.length) line.push(text.slice(at));
      return out;
    },
  };
}

const LF = 10;
const CR = 13;

/** One server-sent event (WHATWG HTML, section 9.2). */
export interface ServerSentEvent {
  readonly event: string;
  readonly data: string;
  readonly id: string | null;
  readonly retry: number | null;
}

/** An incremental reader of an event stream: feed text as it arrives, get the events it completes. */
export interface EventReader {
  feed(text: string): ServerSentEvent[];
}

/** Reads a stream of UTF-8 text; lines may end in LF, CRLF or CR, also split between two pieces. */
export function createEventReader(): EventReader {
  let rest = '';
  let first = true;
  let event = '';
  let data: string[] = [];
  let id: string | null = null;
  let retry: number | null = null;

  function take(line: string, out: ServerSentEvent[]): void {
    if (line === '') {
      if (data.length > 0 || event !== '') out.push({ event: event === '' ? 'message' : event, data: data.join('\n'), id, retry });
      event = '';
      data = [];
      retry = null;
      return;
    }
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'data') data.push(value);
    else if (field === 'event') event = value;
    else if (field === 'id' && !value.includes('\0')) id = value;
    else if (field === 'retry' && /^\d+$/.test(value)) retry = Number(value);
  }

  return {
    feed(text) {
      const out: ServerSentEvent[] = [];
      rest += first ? text.replace(/^\uFEFF/, '') : text;
      if (text !== '') first = false;
      let at = 0;
      for (;;) {
        const end = lineEnd(rest, at);
        if (end === null) break;
        take(rest.slice(at, end.from), out);
        at = end.to;
      }
      rest = rest.slice(at);
      return out;
    },
  };
}

/** The next line end at or after `at`; null when none is complete. A CR at the very end may be half of a CRLF, so it waits. */
function lineEnd(text: string, at: number): { from: number; to: number } | null {
  for (let index = at; index < text.length; index++) {
    const char = text.charCodeAt(index);
    if (char === 10) return { from: index, to: index + 1 };
    if (char === 13) {
      if (index + 1 === text.length) return null;
      return { from: index, to: text.charCodeAt(index + 1) === 10 ? index + 2 : index + 1 };
    }
  }
  return null;
}

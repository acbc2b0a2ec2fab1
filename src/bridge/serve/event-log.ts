/** The events of one session's streams, kept so that a client whose connection broke can go on where it stopped. Bounded. */

export interface LoggedEvent {
  readonly stream: number;
  readonly number: number;
  /** JSON text; empty for the event that only gives an id to resume from. */
  readonly data: Buffer;
}

export interface EventLog {
  /** Keeps an event and gives it its number. */
  add(stream: number, data: Buffer): LoggedEvent;
  /** What came on a stream after an event; null when some of it is no longer kept. */
  after(stream: number, number: number): readonly LoggedEvent[] | null;
}

/** Enough for the notifications of a long call; a client that was away for longer has lost its session anyway. */
const MOST_EVENTS = 500;
/** Per session: a large answer or two. */
const MOST_BYTES = 4 * 1024 * 1024;

export function createEventLog(mostEvents = MOST_EVENTS, mostBytes = MOST_BYTES): EventLog {
  let kept: LoggedEvent[] = [];
  let bytes = 0;
  let last = 0;
  /** By stream, the newest event that was dropped. */
  const dropped = new Map<number, number>();

  function trim(): void {
    let drop = 0;
    while (kept.length - drop > 1 && (kept.length - drop > mostEvents || bytes > mostBytes)) {
      const event = kept[drop];
      drop += 1;
      if (event === undefined) break;
      bytes -= event.data.length;
      dropped.delete(event.stream);
      dropped.set(event.stream, event.number);
    }
    if (drop > 0) kept = kept.slice(drop);
    // Streams older than everything that is kept are forgotten as a whole.
    for (const stream of dropped.keys()) {
      if (dropped.size <= mostEvents) break;
      dropped.delete(stream);
    }
  }

  return {
    add(stream, data) {
      last += 1;
      const event = { stream, number: last, data };
      kept.push(event);
      bytes += data.length;
      trim();
      return event;
    },
    after(stream, number) {
      if ((dropped.get(stream) ?? 0) > number) return null;
      return kept.filter((event) => event.stream === stream && event.number > number);
    },
  };
}

/** The id under which a client sees an event. */
export function eventId({ stream, number }: Pick<LoggedEvent, 'stream' | 'number'>): string {
  return `${stream}-${number}`;
}

/** Reads what {@link eventId} wrote. */
export function readEventId(text: string): { readonly stream: number; readonly number: number } | null {
  const [, stream, number] = /^(\d{1,15})-(\d{1,15})$/.exec(text) ?? [];
  return stream === undefined || number === undefined ? null : { stream: Number(stream), number: Number(number) };
}

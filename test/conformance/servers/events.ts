/** Keeps the events of all streams in memory, for clients that come back with `Last-Event-ID`. */
export interface Events<Message> {
  storeEvent(streamId: string, message: Message): Promise<string>;
  replayEventsAfter(lastEventId: string, to: { send(eventId: string, message: Message): Promise<void> }): Promise<string>;
}

export function createEvents<Message extends object>(): Events<Message> {
  const events: { readonly id: string; readonly stream: string; readonly message: Message }[] = [];
  return {
    storeEvent(stream, message) {
      const id = `${stream}/${events.length}`;
      events.push({ id, stream, message });
      return Promise.resolve(id);
    },
    async replayEventsAfter(lastEventId, { send }) {
      const last = events.findIndex(({ id }) => id === lastEventId);
      const stream = events[last]?.stream ?? '';
      // An event without a message only primes the stream: it has nothing to say again.
      for (const event of events.slice(last + 1))
        if (event.stream === stream && Object.keys(event.message).length > 0) await send(event.id, event.message);
      return stream;
    },
  };
}

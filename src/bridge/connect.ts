/** A stdio MCP server in front of any target: joins the client's streams with a session that outlives the target's restarts. */
import type { Readable, Writable } from 'node:stream';
import { type ClientStream, openClientStream } from './client-stream.ts';
import { within } from '../system/clock.ts';
import { type BridgeSession, createSession, type SessionOptions } from './session.ts';

export interface ConnectOptions extends Omit<SessionOptions, 'deliver' | 'over'> {
  readonly input: Readable;
  readonly output: Writable;
  /** Ends the bridge, as the end of the input does. */
  readonly signal: AbortSignal;
}

/** What runs is finished for so long when the client has closed its end, in milliseconds. */
const GRACE_MS = 1_000;
/** The whole end takes less than two seconds; what a server still owes then is lost with it, in milliseconds. */
const END_MS = 1_800;

/** When the client has more unanswered than this, no more is read from it until something is answered, in bytes. */
const UNREAD_BYTES = 64 * 1024 * 1024;

/** Serves until the client goes. Resolves with the reason for the end. */
export async function connect(options: ConnectOptions): Promise<'client-gone' | 'stopped' | 'over'> {
  const { input, output, signal } = options;
  let stop: (reason: 'client-gone' | 'stopped' | 'over') => void = () => {};
  const stopped = new Promise<'client-gone' | 'stopped' | 'over'>((resolve) => {
    stop = resolve;
  });
  let isGone = false;
  let isFull = false;
  let session: BridgeSession | null = null;
  const client: ClientStream = openClientStream({
    input,
    output,
    onMessage(message) {
      session?.receive(message);
      if (!isFull && (session?.owedBytes() ?? 0) > UNREAD_BYTES) {
        isFull = true;
        client.pause();
      }
    },
    onTooLong: (bytes) => options.note(`a message of ${bytes} bytes is too long and was dropped`),
    onBehind: (behind) => (behind ? session?.pause() : session?.resume()),
    onEnd(gone) {
      isGone ||= gone;
      stop('client-gone');
    },
  });
  session = createSession({
    ...options,
    deliver(message) {
      client.deliver(message);
      if (isFull && (session?.owedBytes() ?? 0) <= UNREAD_BYTES / 2) {
        isFull = false;
        client.resume();
      }
    },
    over: () => stop('over'),
  });
  const interrupted = () => stop('stopped');
  signal.addEventListener('abort', interrupted, { once: true });
  if (signal.aborted) interrupted();
  const reason = await stopped;
  client.pause();
  // Children that do not end in time are ended by the exit of this process.
  await within(session.finish(isGone || reason === 'stopped' ? 0 : GRACE_MS), END_MS, undefined);
  if (!isGone) await client.flush();
  return reason;
}

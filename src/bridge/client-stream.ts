/** The client's side of the bridge: messages on our standard input and output, with back-pressure both ways. */
import type { Readable, Writable } from 'node:stream';
import { type Envelope, readEnvelope } from '../wire/envelope.ts';
import { createFrameReader } from '../wire/frames.ts';

export interface ClientStreamOptions {
  readonly input: Readable;
  readonly output: Writable;
  readonly onMessage: (message: Envelope) => void;
  readonly onTooLong: (bytes: number) => void;
  /** The client reads more slowly than the server writes: true when it is behind, false when it has caught up. */
  readonly onBehind: (behind: boolean) => void;
  /** No more comes from the client. `gone`: it reads nothing any more either. */
  readonly onEnd: (gone: boolean) => void;
}

export interface ClientStream {
  deliver(message: Envelope): void;
  /** Stops, and goes on, reading from the client. */
  pause(): void;
  resume(): void;
  /** Resolves when everything has been handed to the system. */
  flush(): Promise<void>;
}

/** Larger than any message the bridge promises to carry. */
const LONGEST_MESSAGE = 256 * 1024 * 1024;
/** Up to here one write of a copy is cheaper than two writes. */
const COPIED_BYTES = 64 * 1024;

const LINE_END = Buffer.from('\n');

export function openClientStream({ input, output, onMessage, onTooLong, onBehind, onEnd }: ClientStreamOptions): ClientStream {
  const reader = createFrameReader(LONGEST_MESSAGE, (line) => onMessage(readEnvelope(line)), onTooLong);
  let isBehind = false;
  let isOver = false;
  const end = (gone: boolean) => {
    if (isOver && !gone) return;
    isOver = true;
    onEnd(gone);
  };
  input.on('data', (chunk: Buffer) => reader.push(chunk));
  input.once('end', () => {
    reader.end();
    end(false);
  });
  input.once('error', () => end(true));
  // EPIPE: whoever read our answers is gone.
  output.on('error', () => end(true));
  output.on('drain', () => {
    if (isBehind) onBehind((isBehind = false));
  });

  function write(bytes: Buffer): void {
    if (output.destroyed || output.write(bytes) || isBehind) return;
    onBehind((isBehind = true));
  }

  return {
    deliver({ bytes }) {
      if (bytes.length <= COPIED_BYTES) return write(Buffer.concat([bytes, LINE_END]));
      output.write(bytes);
      write(LINE_END);
    },
    pause: () => void input.pause(),
    resume: () => void input.resume(),
    flush: () => (output.destroyed ? Promise.resolve() : new Promise((resolve) => output.write('', () => resolve()))),
  };
}

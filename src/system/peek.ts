import { connect } from 'node:net';
import { after } from './clock.ts';

export interface Heard {
  readonly bytes: Buffer;
  /** The peer closed or reset the connection. */
  readonly closed: boolean;
}

const ENOUGH_BYTES = 512;

/** Connects, sends `say` (if any), and returns what comes back within the time, up to a few hundred bytes. Never throws. */
export function listen(address: string, port: number, say: string | null, limitMs: number, signal: AbortSignal): Promise<Heard> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const socket = connect({ host: address, port, autoSelectFamily: false });
    const settle = (closed: boolean) => {
      cancel();
      signal.removeEventListener('abort', abort);
      socket.destroy();
      resolve({ bytes: Buffer.concat(chunks), closed });
    };
    const abort = () => settle(false);
    const cancel = after(limitMs, () => settle(false));
    signal.addEventListener('abort', abort, { once: true });
    socket.once('connect', () => {
      if (say !== null) socket.write(say);
    });
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      // One line or one record is enough to know who speaks.
      if (size >= ENOUGH_BYTES || chunk.includes(10) || size > 5) settle(false);
    });
    socket.once('end', () => settle(true));
    socket.on('error', () => settle(true));
    if (signal.aborted) abort();
  });
}

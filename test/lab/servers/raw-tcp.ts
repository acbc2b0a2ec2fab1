/** Listeners that misbehave below HTTP. */
import type { Socket } from 'node:net';

export type OnSocket = (socket: Socket) => void;

/** Accepts and never says a word. */
export const silent: OnSocket = (socket) => void socket.resume();

/** Resets the connection as soon as it is accepted. */
export const resetAtOnce: OnSocket = (socket) => void socket.resetAndDestroy();

/** Resets once the request has come. */
export const resetAfterRequest: OnSocket = (socket) => void socket.once('data', () => socket.resetAndDestroy());

/** Closes cleanly as soon as it is accepted. */
export const closeAtOnce: OnSocket = (socket) => void socket.resume().end();

/** Closes cleanly once the request has come, without an answer. */
export const closeAfterRequest: OnSocket = (socket) => void socket.once('data', () => socket.end());

/** Answers any request with these bytes and closes. */
export function says(bytes: string | Uint8Array): OnSocket {
  return (socket) => void socket.once('data', () => socket.end(bytes));
}

/** Sends these bytes before it has been asked anything, and stays open. */
export function greets(bytes: string | Uint8Array): OnSocket {
  return (socket) => {
    socket.resume();
    socket.write(bytes);
  };
}

/** Sends a head, then one piece after another for as long as somebody listens. */
export function drips(head: string, piece: string | Uint8Array, everyMs: number): OnSocket {
  return (socket) =>
    void socket.once('data', () => {
      socket.resume();
      socket.write(head);
      const timer = setInterval(() => socket.write(piece), everyMs);
      socket.once('close', () => clearInterval(timer));
    });
}

/** Sends a head, then as many copies of a piece as the reader takes; `total` bytes, or without end. */
export function floods(head: string, piece: Uint8Array, total = Number.POSITIVE_INFINITY): OnSocket {
  return (socket) =>
    void socket.once('data', () => {
      socket.resume();
      let sent = 0;
      const more = (): void => {
        while (sent < total && !socket.destroyed) {
          sent += piece.length;
          if (!socket.write(piece)) return void socket.once('drain', more);
        }
        if (!socket.destroyed) socket.end();
      };
      socket.write(head);
      more();
    });
}

import { addAbortSignal } from 'node:stream';
import { decodeLog } from '../system/log-tail.ts';

/** How much of the beginning tells the encoding. */
const HEAD_BYTES = 8;

/** The end of what comes on stdin, at most so many bytes of it, in whatever encoding. Rejects when the signal ends first. */
export async function readStdin(longest: number, signal: AbortSignal): Promise<string> {
  const stdin = addAbortSignal(signal, process.stdin);
  let head = Buffer.alloc(0);
  let bytes = Buffer.alloc(0);
  let dropped = 0;
  for await (const chunk of stdin) {
    const part = chunk as Buffer;
    if (head.length < HEAD_BYTES) head = Buffer.concat([head, part.subarray(0, HEAD_BYTES - head.length)]);
    bytes = Buffer.concat([bytes, part]);
    if (bytes.length <= 2 * longest) continue;
    // Even, so that the halves of UTF-16 stay together.
    const cut = (bytes.length - longest + 1) & ~1;
    dropped += cut;
    bytes = bytes.subarray(cut);
  }
  const tail = bytes.subarray(Math.max(0, bytes.length - longest) & ~1);
  // What is no text at all still ends in an answer: that it says nothing.
  return decodeLog(dropped === 0 && tail.length === bytes.length ? bytes : tail, head) ?? tail.toString('latin1');
}

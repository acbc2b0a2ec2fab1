import { addAbortSignal } from 'node:stream';

/** The end of what comes on stdin, at most so many characters of it. Rejects when the signal ends first. */
export async function readStdin(longest: number, signal: AbortSignal): Promise<string> {
  const stdin = addAbortSignal(signal, process.stdin).setEncoding('utf8');
  let text = '';
  for await (const chunk of stdin) {
    text += String(chunk);
    if (text.length > 2 * longest) text = text.slice(-longest);
  }
  return text.slice(-longest);
}

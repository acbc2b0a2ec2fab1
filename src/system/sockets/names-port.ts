/**
 * Whether a command line asks for this port: as a word of its own, as `--port=N`, `PORT=N` or `-pN`, or behind a colon (`0.0.0.0:N`).
 * A word with `://` does not count: a URL is what one gives to a client, not to a server.
 */
export function namesPort(words: readonly string[], port: number): boolean {
  const digits = String(port);
  const whole = new RegExp(`^(?:.*[=:]|-[a-z])?${digits}$`, 'i');
  // Split again: `sh -c 'server --port 3000'` holds a whole command line in one word.
  return words
    .flatMap((word) => word.split(/[\s;&|()'"]+/))
    .some((word) => word.endsWith(digits) && !word.includes('://') && whole.test(word));
}

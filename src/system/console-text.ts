/**
 * The text that a Windows program wrote into a pipe. wsl.exe writes UTF-16, with or without a byte order mark; most others write
 * the code page of the console, of which only ASCII is read the same everywhere.
 */
export function consoleText(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.subarray(2).toString('utf16le');
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return bytes.subarray(3).toString('utf8');
  return hasWideAscii(bytes) ? bytes.toString('utf16le') : bytes.toString('latin1');
}

/** In UTF-16 every blank and line end has a zero as its second byte; no code page of a console has any zero at all. */
function hasWideAscii(bytes: Buffer): boolean {
  return bytes.length >= 2 && bytes.includes(0);
}

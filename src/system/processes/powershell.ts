/** The arguments that make Windows PowerShell run a script: without a profile, and with UTF-8 whatever the console's code page. */
export function powershellArguments(script: string): readonly string[] {
  const utf8 = '[Console]::OutputEncoding = [Text.Encoding]::UTF8; ';
  // Base64 spares us the quoting rules of two shells.
  const encoded = Buffer.from(utf8 + script, 'utf16le').toString('base64');
  return ['-NoProfile', '-NonInteractive', '-EncodedCommand', encoded];
}

import type { System } from '../../facts/signatures/signature.ts';

/** The system that the text itself gives away. */
export function systemIn(text: string): System | null {
  if (/\/mnt\/[a-z]\/|\bWSL2?\b/.test(text)) return 'wsl';
  if (/\bWinError\b|[A-Z]:\\{1,2}\w|\.exe\b|\bconnectex:|%PATH%|\bWSAE[A-Z]{1,80}\b/.test(text)) return 'windows';
  if (/\bdocker\b|\bcontainer\b|\/\.dockerenv|host\.docker\.internal|\bpodman\b/i.test(text)) return 'docker';
  if (/\/Users\/|\/opt\/homebrew|\bmacOS\b|nodename nor servname|\[Errno (?:61|48|54|60|65)\]/.test(text)) return 'macos';
  return /\/home\/|\/usr\/lib|\[Errno (?:111|98|104|110|113)\]/.test(text) ? 'linux' : null;
}

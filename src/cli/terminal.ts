/** What the streams we write to can show, decided from the environment alone. */

export interface Stream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Columns where nothing says how wide the reader's screen is. */
const USUAL_COLUMNS = 80;

/** Per stream: one may be a terminal and the other a file. `--no-color` and NO_COLOR win over FORCE_COLOR. */
export function wantsColors(stream: Stream, environment: Environment, argv: readonly string[]): boolean {
  if (argv.includes('--no-color') || isSet(environment['NO_COLOR'])) return false;
  const forced = environment['FORCE_COLOR'];
  if (isSet(forced)) return forced !== '0' && forced !== 'false';
  return isTerminal(stream, environment);
}

/** Whether escape sequences are understood there. */
export function isTerminal(stream: Stream, environment: Environment): boolean {
  return stream.isTTY === true && environment['TERM'] !== 'dumb';
}

/** Whether characters beyond ASCII arrive: the locale says UTF-8, or it is one of the newer Windows terminals. */
export function showsUnicode(environment: Environment, platform: NodeJS.Platform): boolean {
  if (platform === 'win32') {
    return isSet(environment['WT_SESSION']) || environment['TERM_PROGRAM'] === 'vscode' || /xterm/.test(environment['TERM'] ?? '');
  }
  // The Linux console's font lacks the marks.
  if (environment['TERM'] === 'linux') return false;
  const locale = [environment['LC_ALL'], environment['LC_CTYPE'], environment['LANG']].find(isSet) ?? '';
  return /utf-?8/i.test(locale);
}

export function columnsOf(stream: Stream, environment: Environment): number {
  const told = Number(environment['COLUMNS']);
  return stream.columns ?? (Number.isInteger(told) && told > 0 ? told : USUAL_COLUMNS);
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}

/** When a log line was written: the forms of time that loggers put before or into a line. Pure. */

interface Stamp {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The line without it. */
  readonly rest: string;
}

/** ISO 8601 and its relatives; without a zone it is local time. The brackets and keys around it go with it. */
const DATED =
  /^\W{0,3}(?:(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|FATAL)\]?\s+\W?)?(?:(?:time|ts|timestamp|date)[=:]\s*)?["'[(]*(\d{4})[-/.](\d{2})[-/.](\d{2})(?:[T _]+| - )(\d{1,2}):(\d{2}):(\d{2})(?:[.,:](\d{1,9}))?\s?(Z|UTC|[+-]\d{2}:?\d{2})?["'\])]*[\s:|,-]*/;

/** `28/Nov/2026:10:15:00 +0000` and `Nov 28 10:15:00 2026`, with which web servers and C programs begin. */
const NAMED =
  /^\W{0,3}(?:(\d{1,2})\/(\w{3})\/(\d{4}):|(?:\w{3} )?(\w{3}) +(\d{1,2}),? (?:(\d{4})[ ,]+)?)(\d{2}):(\d{2}):(\d{2})(?: ([+-]\d{4}))?(?: (\d{4}))?["'\])]*[\s:|,-]*/;

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** The time a line begins with; null when it begins with none. A date without a year counts as the last such day before `now`. */
export function stampOf(line: string, now: number): Stamp | null {
  const dated = DATED.exec(line);
  if (dated !== null) {
    const [whole, year, month, day, hour, minute, second, fraction, zone] = dated;
    const ms = Math.trunc(Number(`0.${fraction ?? '0'}`) * 1000);
    return stamp([year, month, day, hour, minute, second].map(Number), ms, zone ?? null, line.slice(whole.length));
  }
  const named = NAMED.exec(line);
  if (named === null) return null;
  const [whole, dayA, monthA, yearA, monthB, dayB, yearB, hour, minute, second, zone, yearC] = named;
  const month = MONTHS.indexOf((monthA ?? monthB ?? '').toLowerCase()) + 1;
  if (month === 0) return null;
  const given = yearA ?? yearB ?? yearC;
  const parts = (year: number) => [year, month, Number(dayA ?? dayB), Number(hour), Number(minute), Number(second)];
  const thisYear = new Date(now).getFullYear();
  const found = stamp(parts(given === undefined ? thisYear : Number(given)), 0, zone ?? null, line.slice(whole.length));
  if (found === null || given !== undefined || found.at <= now + DAY_MS) return found;
  return stamp(parts(thisYear - 1), 0, zone ?? null, found.rest);
}

const DAY_MS = 24 * 60 * 60 * 1000;

function stamp(parts: readonly number[], ms: number, zone: string | null, rest: string): Stamp | null {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) return null;
  const at =
    zone === null
      ? new Date(year, month - 1, day, hour, minute, second, ms).getTime()
      : Date.UTC(year, month - 1, day, hour, minute, second, ms) - offsetMs(zone);
  return { at, rest };
}

function offsetMs(zone: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(zone) ?? [];
  return sign === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

/** A time in a field of a JSON line: text, seconds or milliseconds since 1970; null when it is none. */
export function timeOf(value: unknown, now: number): number | null {
  if (typeof value === 'number' && value > 1e9) return value < 1e11 ? value * 1000 : value < 1e14 ? value : value / 1e6;
  if (typeof value !== 'string') return null;
  return stampOf(value, now)?.at ?? null;
}

import colors from 'picocolors';
import type { RenderOptions } from '../model/format.ts';
import type { Severity } from '../model/cause.ts';
import type { TargetStatus } from '../model/report.ts';
import { printable } from './foreign.ts';

type Palette = ReturnType<typeof colors.createColors>;
export type Mark = 'ok' | 'failed' | 'skipped' | 'warning' | 'advice' | 'bullet' | 'arrow';

const UNICODE_MARKS = { ok: '✓', failed: '✗', skipped: '–', warning: '!', advice: 'i', bullet: '•', arrow: '→' } satisfies Record<
  Mark,
  string
>;
const ASCII_MARKS = { ok: '+', failed: 'x', skipped: '-', warning: '!', advice: 'i', bullet: '*', arrow: '>' } satisfies Record<
  Mark,
  string
>;

/** Wider lines are hard to read, and the times at their end hard to find. */
const WIDEST = 110;
/** Below this, one word a line would be left. */
const NARROWEST = 40;

/** How text looks on one terminal. */
export interface Look {
  readonly width: number;
  readonly paint: Palette;
  /** One character for an outcome, in its colour. */
  mark(mark: Mark): string;
  /** Foreign or own prose as it may be printed there. */
  prose(text: string): string;
}

export function createLook({ colors: enabled, columns, unicode }: RenderOptions): Look {
  // picocolors' own default looks at stdout and at CI; here the caller has decided.
  const paint = colors.createColors(enabled);
  const marks = unicode ? UNICODE_MARKS : ASCII_MARKS;
  const tint = {
    ok: paint.green,
    failed: paint.red,
    skipped: paint.dim,
    warning: paint.yellow,
    advice: paint.cyan,
    bullet: paint.dim,
    arrow: paint.dim,
  } satisfies Record<Mark, (text: string) => string>;
  return {
    width: Math.min(Math.max(columns, NARROWEST), WIDEST),
    paint,
    mark: (mark) => tint[mark](marks[mark]),
    prose: unicode ? printable : (text) => toAscii(printable(text)),
  };
}

/** The mark of an outcome. */
export const STATUS_MARKS = { ok: 'ok', warning: 'warning', failed: 'failed', skipped: 'skipped' } satisfies Record<TargetStatus, Mark>;

export const SEVERITY_MARKS = { error: 'failed', warning: 'warning', advice: 'advice' } satisfies Record<Severity, Mark>;

const TYPOGRAPHY: Readonly<Record<string, string>> = {
  '–': '-',
  '—': '-',
  '…': '...',
  '•': '*',
  '·': '|',
  '→': '->',
  '“': '"',
  '”': '"',
  '‘': "'",
  '’': "'",
  '×': 'x',
  '≥': '>=',
  '≤': '<=',
};

/** Typographic characters of our own sentences in their ASCII form; foreign letters stay. */
function toAscii(text: string): string {
  return text.replace(/[–—…•·→“”‘’×≥≤]/g, (character) => TYPOGRAPHY[character] ?? character);
}

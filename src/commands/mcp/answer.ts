import type { CallToolResult } from '@modelcontextprotocol/server';
import { maskForeign } from '../../model/redact.ts';
import type { Report, ReportFinding, ReportTarget } from '../../model/report.ts';
import { format } from '../../formats/text.ts';
import { renderCounts } from '../../formats/words.ts';

/**
 * What one answer may cost its reader, in bytes of UTF-8: a language model pays for every word. Some clients hand on the text, some
 * the structured content, some both; together they stay below 25 kB.
 */
const TEXT_BYTES = 10_000;
const STRUCTURED_BYTES = 14_000;

/** How text for an agent looks. */
export const LOOK = { colors: false, columns: 110, unicode: true, verbose: false, quiet: false } as const;

/** How much of each target is kept. */
interface Share {
  readonly path: boolean;
  readonly findings: number;
  /** Lines of evidence and remedies of each finding. */
  readonly lines: number;
  /** Characters of each text. */
  readonly characters: number;
}

/** From everything that is usual to the verdict alone. */
const SHARES: readonly Share[] = [
  { path: true, findings: 8, lines: 12, characters: 600 },
  { path: true, findings: 4, lines: 4, characters: 240 },
  { path: false, findings: 1, lines: 2, characters: 160 },
  { path: false, findings: 1, lines: 1, characters: 100 },
  { path: false, findings: 0, lines: 0, characters: 80 },
];

/** A report as a tool's answer: the counts first, then each target, then the same as data. */
export function reportAnswer(report: Report): CallToolResult {
  return {
    content: [{ type: 'text', text: cutText(`${renderCounts(report)}.\n\n${format.render(fitting(report, TEXT_BYTES), LOOK)}`) }],
    structuredContent: { ...fitting(report, STRUCTURED_BYTES) },
  };
}

/** Data of bounded size as a tool's answer. */
export function plainAnswer(text: string, structuredContent: Readonly<Record<string, unknown>>): CallToolResult {
  return { content: [{ type: 'text', text: cutText(text) }], structuredContent: { ...structuredContent } };
}

/** An answer that says why there is none. */
export function errorAnswer(message: string): CallToolResult {
  return { isError: true, content: [{ type: 'text', text: cutText(maskForeign(message)) }] };
}

type TrimmedReport = Report & { readonly trimmed: boolean };

/** As much of a report as fits into so many bytes of JSON; `trimmed` says that something was left out. Failed targets stay longest. */
export function fitting(report: Report, bytes: number): TrimmedReport {
  let kept: TrimmedReport = { ...report, trimmed: false };
  for (const share of SHARES) {
    kept = reduced(report, share);
    if (bytesOf(kept) <= bytes) return kept;
  }
  const telling = [...kept.targets].sort((a, b) => Number(b.status === 'failed') - Number(a.status === 'failed'));
  while (telling.length > 0 && bytesOf({ ...kept, targets: telling }) > bytes) telling.length = Math.floor(telling.length * 0.9);
  return { ...kept, targets: telling };
}

function reduced(report: Report, share: Share): TrimmedReport {
  const targets = report.targets.map((target) => reducedTarget(target, share));
  const kept = clipped({ ...report, targets }, share.characters);
  return { ...kept, trimmed: JSON.stringify(kept) !== JSON.stringify(report) };
}

function reducedTarget(target: ReportTarget, { path, findings, lines }: Share): ReportTarget {
  const told = target.findings.filter(({ hiddenBy }) => hiddenBy === null).slice(0, findings);
  return {
    ...target,
    path: path ? target.path : [],
    findings: told.map(
      (finding): ReportFinding => ({
        ...finding,
        evidence: finding.evidence.slice(0, lines),
        remedies: finding.remedies.slice(0, lines),
      }),
    ),
  };
}

/** A copy in which no text is longer than that. */
function clipped<T>(value: T, characters: number): T {
  if (typeof value === 'string') return (value.length <= characters ? value : `${value.slice(0, characters - 1)}…`) as T;
  if (Array.isArray(value)) return value.map((one: unknown) => clipped(one, characters)) as T;
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, clipped(inner, characters)])) as T;
}

function cutText(text: string): string {
  if (Buffer.byteLength(text) <= TEXT_BYTES) return text;
  // A character takes up to four bytes; what a cut leaves of one becomes a replacement character.
  return `${Buffer.from(text).subarray(0, TEXT_BYTES).toString('utf8').replace(/�+$/, '')}\n(The rest was left out.)`;
}

function bytesOf(value: object): number {
  return Buffer.byteLength(JSON.stringify(value));
}

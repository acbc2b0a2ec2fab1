import type { FormatId } from './ids.gen.ts';
import type { Report } from './report.ts';

/** What the reader's terminal can do and how much the reader wants; formats that do not care ignore it. */
export interface RenderOptions {
  /** Whether escape sequences for colours may be used. */
  readonly colors: boolean;
  /** Width to wrap to, in characters. */
  readonly columns: number;
  /** Whether characters beyond ASCII can be shown. */
  readonly unicode: boolean;
  /** Everything, also what is usually folded away. */
  readonly verbose: boolean;
  /** The verdicts only. */
  readonly quiet: boolean;
}

/** One form of a report. */
export interface Format {
  readonly id: FormatId;
  readonly mediaType: string;
  /** File name extension without the dot. */
  readonly extension: string;
  /** The whole document, ending in a line feed; pure. */
  render(report: Report, options: RenderOptions): string;
}

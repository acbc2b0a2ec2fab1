import type { DiagnosisEvent } from '../model/events.ts';
import type { RenderOptions } from '../model/format.ts';
import type { PathStep, Report, ReportTarget } from '../model/report.ts';
import { createLook } from './look.ts';
import { conclusion, countLines, heading, quietLines, skippedLines, stepLines, tableLines, toText } from './text-parts.ts';
import { targetTitle } from './words.ts';

/** From this many targets on, a table says more than their layers one after the other. */
const MANY = 4;

/** The text format piece by piece: each call returns what can be printed now. All pieces together are the whole document. */
export interface TextStream {
  event(event: DiagnosisEvent): string;
  end(report: Report): string;
}

interface Progress {
  title: string | null;
  steps: PathStep[];
  finished: ReportTarget | null;
  printedHeading: boolean;
  printedSteps: number;
}

/** Targets run side by side; their lines come in the order of the command line, so only the first unfinished one is seen growing. */
export function createTextStream(options: RenderOptions, total: number): TextStream {
  const look = createLook(options);
  const progress: Progress[] = Array.from({ length: total }, () => ({
    title: null,
    steps: [],
    finished: null,
    printedHeading: false,
    printedSteps: 0,
  }));
  const atOnce = options.quiet || total >= MANY;
  let current = 0;

  /** What the current target has to print; skipped layers wait, because the next one may belong on their line. */
  function advance(target: Progress): string[] {
    const lines: string[] = [];
    if (target.title !== null && !target.printedHeading) {
      target.printedHeading = true;
      lines.push(...(current === 0 ? [] : ['']), ...heading(target.title, look));
    }
    const waiting = target.steps.slice(target.printedSteps);
    const end = target.finished === null ? waiting.findLastIndex((step) => step.status !== 'skipped') + 1 : waiting.length;
    lines.push(...pathLines(waiting.slice(0, end)));
    target.printedSteps += end;
    if (target.finished !== null) lines.push(...conclusion(target.finished, options.verbose, look));
    return lines;
  }

  function pathLines(steps: readonly PathStep[]): string[] {
    const lines: string[] = [];
    let skipped: PathStep[] = [];
    const flush = () => {
      lines.push(...skippedLines(skipped, look));
      skipped = [];
    };
    for (const step of steps) {
      if (step.status === 'skipped') skipped.push(step);
      if (step.status !== 'skipped' || options.verbose) flush();
      if (step.status !== 'skipped') lines.push(...stepLines(step, look));
    }
    flush();
    return lines;
  }

  function flushReady(): string[] {
    const lines: string[] = [];
    for (let target = progress[current]; target !== undefined; target = progress[current]) {
      lines.push(...advance(target));
      if (target.finished === null) break;
      current++;
    }
    return lines;
  }

  return {
    event(event) {
      const target = progress[event.index];
      if (atOnce || target === undefined) return '';
      if (event.kind === 'target-started') target.title = event.address;
      else if (event.kind === 'step') target.steps.push(event.step);
      else if (event.kind === 'target-finished') finish(target, event.target);
      return toText(flushReady());
    },
    end(report) {
      if (options.quiet) return toText(report.targets.flatMap((target) => quietLines(target, look)));
      if (atOnce) return toText(renderMany(report));
      for (const [index, target] of report.targets.entries()) {
        const known = progress[index];
        if (known !== undefined && known.finished === null) finish(known, target);
      }
      return toText([...flushReady(), ...(total > 1 ? countLines(report, look) : [])]);
    },
  };

  function finish(target: Progress, result: ReportTarget): void {
    target.finished = result;
    target.title ??= targetTitle(result);
    // The report is the truth; events may have told less of the way.
    target.steps = [...target.steps, ...result.path.slice(target.steps.length)];
  }

  function renderMany(report: Report): string[] {
    const blocks = report.targets
      .filter((target) => target.status !== 'ok')
      .flatMap((target) => ['', ...heading(targetTitle(target), look), ...conclusion(target, options.verbose, look).slice(1)]);
    return [...tableLines(report, look), ...blocks, ...countLines(report, look)];
  }
}

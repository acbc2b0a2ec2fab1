import type { CauseGroup, ConfigCause, MatchBase, Severity } from '../../model/cause.ts';
import type { ConfigCode, ConfigProblem } from '../../model/config.ts';
import { configEvidence, problem } from '../../model/config-examples.ts';
import type { Remedy } from '../../model/remedy.ts';

export interface ProblemArgs extends MatchBase {
  readonly severity: Severity;
  /** The gravest first. */
  readonly problems: readonly [ConfigProblem, ...ConfigProblem[]];
}

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'advice'];

/** What such a cause adds to the problem that was found while reading. */
export interface ProblemTexts {
  readonly id: ConfigCode;
  readonly group: CauseGroup;
  readonly title: string;
  readonly severity: Severity;
  readonly about: string;
  readonly refs: readonly string[];
  /** How the example's problem reads. */
  readonly example: Partial<ConfigProblem> & { readonly title: string };
}

/** A cause that fires when a problem with its code was found in the file. */
export function problemCause({ id, example, ...texts }: ProblemTexts): ConfigCause<ProblemArgs> {
  const { title, ...found } = example;
  return {
    ...texts,
    id,
    layer: 'config',
    needs: [],
    hiddenBy: [],
    match({ problems }): ProblemArgs | undefined {
      return worstOf(problems.filter(({ code }) => code === id));
    },
    explain: explainProblems,
    remedies: mendProblems,
    examples: () => ({
      fires: [{ title, evidence: configEvidence({ problems: [problem({ code: id, severity: texts.severity, ...found })] }) }],
      quiet: [
        { title: 'nothing is wrong with the file', evidence: configEvidence() },
        {
          title: 'something else is wrong with it',
          evidence: configEvidence({ problems: [problem({ code: id === 'config-syntax' ? 'config-wrong-key' : 'config-syntax' })] }),
        },
      ],
    }),
  };
}

/** The arguments for these problems; undefined for none. */
export function worstOf(problems: readonly ConfigProblem[]): ProblemArgs | undefined {
  const [worst, ...others] = [...problems].sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
  if (worst === undefined) return undefined;
  return { certainty: worst.certainty, severity: worst.severity, problems: [worst, ...others] };
}

/** The gravest problem in one sentence, and where each of them stands. */
export function explainProblems({ problems }: ProblemArgs): { readonly summary: string; readonly evidence: readonly string[] } {
  const [worst, ...others] = problems;
  const evidence = [placeOf(worst), ...others.flatMap((one) => [one.summary, placeOf(one)])];
  return { summary: worst.summary, evidence: [...new Set(evidence)].filter((line) => line !== worst.summary) };
}

/** `~/.cursor/mcp.json:4:7: "url": "…"`. */
function placeOf({ file, position, line }: ConfigProblem): string {
  const place = `${file.shown}:${position.line}:${position.column}`;
  return line.trim() === '' ? place : `${place}: ${line.trim()}`;
}

/** The edits, then what only a person can do, once. */
export function mendProblems({ problems }: ProblemArgs): readonly Remedy[] {
  const steps = new Set(problems.flatMap(({ advice }) => (advice === null ? [] : [advice])));
  return [
    ...problems.flatMap(({ mend }): readonly Remedy[] => (mend === null ? [] : [{ kind: 'mend', title: mend.title, mend }])),
    ...Array.from(steps, (title): Remedy => ({ kind: 'tell', title })),
  ];
}

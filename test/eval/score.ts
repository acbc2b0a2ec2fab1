import { explain, type ExplainRequest, subjectOf } from '../../src/commands/explain.ts';
import { signaturesIn } from '../../src/commands/explain/rank.ts';
import { SIGNATURES } from '../../src/facts/signatures/index.ts';
import type { Statistics } from '../../src/facts/signatures/signature.ts';
import { type Case, rightCodes } from './cases.ts';

type Counts = Record<string, Record<string, number>>;

const NOTHING_COUNTED: Statistics = { signatures: {}, systems: {}, causes: {} };

/** What is asked for a case. With `onlyText`, nothing but the text is given. */
export function requestOf({ error_text, os, client }: Case, onlyText: boolean): ExplainRequest {
  return onlyText ? { text: error_text } : { text: error_text, system: os, client: client.toLowerCase().replaceAll(' ', '-') };
}

/** How often each signature, and each system, was seen with each cause. */
export function count(cases: readonly Case[]): Statistics {
  const signatures: Counts = {};
  const systems: Counts = {};
  const causes: Record<string, number> = {};
  for (const one of cases) {
    const request = requestOf(one, false);
    const subject = subjectOf(request);
    const cause = labelOf(one, request);
    causes[cause] = (causes[cause] ?? 0) + 1;
    if (subject.system !== null) add(systems, subject.system, cause);
    for (const { id } of signaturesIn(subject)) add(signatures, id, cause);
  }
  return { signatures, systems, causes };
}

function add(counts: Counts, key: string, cause: string): void {
  const own = (counts[key] ??= {});
  own[cause] = (own[cause] ?? 0) + 1;
}

/** A label of the older list can stand for several codes: the one for which the text speaks without any counting. */
function labelOf(one: Case, request: ExplainRequest): string {
  const right = rightCodes(one);
  const { candidates } = explain(request, { statistics: NOTHING_COUNTED });
  return candidates.find(({ cause }) => right.includes(cause))?.cause ?? right[0] ?? one.cause_code;
}

/** What a case is judged with. */
export interface Terms {
  /** Neither system nor client are told. */
  readonly onlyText?: boolean;
  /** Only signatures that some other case shows as well: what is left when nothing was written for this case alone. */
  readonly onlyShared?: boolean;
}

/** At which place the right cause of a case stands, 0 for none, judged by what was counted in all the other cases. */
export function judge(one: Case, all: readonly Case[], { onlyText = false, onlyShared = false }: Terms): Judged {
  const statistics = count(all.filter(({ id }) => id !== one.id));
  const signatures = onlyShared ? SIGNATURES.filter(({ id }) => statistics.signatures[id] !== undefined) : SIGNATURES;
  const { candidates } = explain(requestOf(one, onlyText), { statistics, signatures });
  const right = rightCodes(one);
  return {
    place: candidates.findIndex(({ cause }) => right.includes(cause)) + 1,
    named: candidates.map(({ cause, score }) => `${cause} ${score}`),
  };
}

interface Judged {
  readonly place: number;
  readonly named: readonly string[];
}

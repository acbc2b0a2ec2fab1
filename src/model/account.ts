import type { CauseGroup } from './cause.ts';
import type { HostEvidence } from './evidence.ts';
import type { CauseAccount } from './explanation.ts';
import type { Layer } from './layer.ts';
import type { Remedy } from './remedy.ts';

/** A public code that no probe ends with: it has a page and is named by `explain`, and nothing judges it. */
export interface CausePage extends CauseAccount {
  readonly id: string;
  readonly group: CauseGroup;
  readonly layer: Layer;
  readonly severity: 'error' | 'warning' | 'advice';
  /** The one thing to look at. */
  readonly check: string;
}

/** What a cause's page is made of, by its headings; the same text for the page and for the terminal. */
export interface AboutParts {
  readonly happens: string;
  /** How mcpreach proves it; empty when the text has no such part. */
  readonly proof: string;
  /** How to see it without mcpreach; empty likewise. */
  readonly byHand: string;
}

/** Parts a cause's `about`: the proof begins with the first sentence about mcpreach, the rest with "By hand:". */
export function partsOf(about: string): AboutParts {
  const text = about.trim();
  const hand = text.search(/\bBy hand\b/);
  const before = hand < 0 ? text : text.slice(0, hand);
  const proof = before.search(/(?<=^|[.:)]\s+)(?:mcpreach|Mcpreach)\b/m);
  return {
    happens: (proof < 0 ? before : before.slice(0, proof)).trim(),
    proof: proof < 0 ? '' : before.slice(proof).trim(),
    byHand: hand < 0 ? '' : text.slice(hand).trim(),
  };
}

/** What an account needs of a cause, whatever evidence it judges; a cause is only ever given its own examples. */
interface Accountable {
  readonly title: string;
  readonly about: string;
  readonly refs: readonly string[];
  match(evidence: unknown): unknown;
  remedies(args: unknown, host: HostEvidence): readonly Remedy[];
  examples(): { readonly fires: readonly { readonly evidence: { readonly host: HostEvidence } }[] };
}

/** The account of a cause of the catalogue, with the mend of its first example. */
export function accountOf(cause: Accountable): CauseAccount {
  return { title: cause.title, about: cause.about.trim(), mend: mendOf(cause), refs: cause.refs };
}

function mendOf(cause: Accountable): readonly string[] {
  const [example] = cause.examples().fires;
  const args = example === undefined ? undefined : cause.match(example.evidence);
  if (example === undefined || args === undefined) return [];
  return cause.remedies(args, example.evidence.host).map(remedyLine);
}

/** A remedy as one line of Markdown. */
function remedyLine(remedy: Remedy): string {
  const title = remedy.title.replace(/:$/, '');
  switch (remedy.kind) {
    case 'run':
      return `${title}: \`${remedy.command}\``;
    case 'edit':
      return `${title}: \`${remedy.value}\``;
    case 'set':
      return `${title}: \`${remedy.variable}=${remedy.value}\``;
    default:
      return remedy.title;
  }
}

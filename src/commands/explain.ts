import { STATISTICS } from '../facts/signatures/statistics.gen.ts';
import { SYSTEMS, type Signature, type Statistics } from '../facts/signatures/signature.ts';
import type { Explanation } from '../model/explanation.ts';
import { CLIENT_IDS } from '../model/ids.gen.ts';
import { clean } from './explain/clean.ts';
import type { Subject } from './explain/match.ts';
import { offer } from './explain/offer.ts';
import { rank, signaturesIn } from './explain/rank.ts';
import { readText } from './explain/read-text.ts';
import { systemIn } from './explain/system-in.ts';

export interface ExplainRequest {
  readonly text: string;
  /** Where the failing side runs; ignored when it is not one of SYSTEMS. */
  readonly system?: string | undefined;
  /** Id of the client, when the asker knows it; ignored when mcpreach does not. */
  readonly client?: string | undefined;
}

/** What a text is judged by; the evaluation takes parts of it away. */
export interface Knowledge {
  readonly statistics?: Statistics;
  readonly signatures?: readonly Signature[];
}

/** Reads an error message or a log. Nothing is probed, and no secret in the text gets into the answer. */
export function explain(request: ExplainRequest, { statistics, signatures }: Knowledge = {}): Explanation {
  const subject = subjectOf(request);
  const { errnos, statuses, ...read } = subject.reading;
  return {
    schema: 'mcpreach.explain/1',
    read,
    candidates: rank(subject, signaturesIn(subject, signatures), statistics ?? STATISTICS),
    doctor: offer(subject.text, subject.reading),
  };
}

/** A text as it is judged: cleaned, read, and with what the asker knows. */
export function subjectOf({ text, system, client }: ExplainRequest): Subject {
  const cleaned = clean(text);
  const reading = readText(cleaned);
  const known = CLIENT_IDS.find((id) => id === client);
  return {
    text: cleaned,
    reading: known === undefined ? reading : { ...reading, client: known },
    system: SYSTEMS.find((one) => one === system) ?? systemIn(cleaned),
  };
}

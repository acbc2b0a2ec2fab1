import { STATISTICS } from '../facts/signatures/statistics.gen.ts';
import { SYSTEMS, type Signature, type Statistics } from '../facts/signatures/signature.ts';
import type { Explanation } from '../model/explanation.ts';
import { CLIENT_IDS } from '../model/ids.gen.ts';
import { clean } from './explain/clean.ts';
import type { ConfigHints } from './explain/config-hints.ts';
import type { Subject } from './explain/match.ts';
import { offer } from './explain/offer.ts';
import { rank, signaturesIn } from './explain/rank.ts';
import { addressesIn } from './explain/read-address.ts';
import { type Reading, readText } from './explain/read-text.ts';
import { systemIn } from './explain/system-in.ts';
import { toldIn } from './explain/told.ts';

export interface ExplainRequest {
  readonly text: string;
  /** Where the failing side runs; ignored when it is not one of SYSTEMS. */
  readonly system?: string | undefined;
  /** Id of the client, when the asker knows it; ignored when mcpreach does not. */
  readonly client?: string | undefined;
  /** What the config says that the text is about. */
  readonly config?: ConfigHints | undefined;
}

/** What a text is judged by; the evaluation takes parts of it away. */
export interface Knowledge {
  readonly statistics?: Statistics;
  readonly signatures?: readonly Signature[];
}

/** Reads an error message or a log. Nothing is probed, and no secret in the text gets into the answer. */
export function explain(request: ExplainRequest, { statistics, signatures }: Knowledge = {}): Explanation {
  const subject = subjectOf(request);
  const { errno, host, port, family, status, client, transport, addresses, runtime, layer, hop } = subject.own;
  return {
    schema: 'mcpreach.explain/1',
    read: { errno, host, port, family, status, client, transport, addresses, runtime, layer, hop },
    candidates: rank(subject, [...signaturesIn(subject, signatures), ...(request.config?.problems ?? [])], statistics ?? STATISTICS),
    doctor: offer(subject.whole, subject.reading),
  };
}

/** A text as it is judged: cleaned, read, and with what the asker knows. */
export function subjectOf({ text, system, client, config }: ExplainRequest): Subject {
  const cleaned = clean(text);
  const told = toldIn(cleaned);
  const reading = readText(cleaned, told);
  const own = { ...reading, client: CLIENT_IDS.find((id) => id === client) ?? reading.client };
  return {
    text: told,
    whole: cleaned,
    own,
    reading: {
      ...own,
      client: own.client ?? config?.entry?.client ?? null,
      transport: own.transport ?? config?.entry?.transport ?? null,
      ...addressOf(own, config),
    },
    system: SYSTEMS.find((one) => one === system) ?? systemIn(cleaned),
  };
}

/** The address of the text, else the one that the entry is for. */
function addressOf(
  { host, port, family, addresses }: Reading,
  config: ConfigHints | undefined,
): Pick<Reading, 'host' | 'port' | 'family' | 'addresses'> {
  const url = config?.entry?.url ?? null;
  if (host !== null || url === null || !URL.canParse(url)) return { host, port, family, addresses };
  const found = addressesIn(new URL(url).origin);
  return { host: found[0]?.host ?? null, port: found[0]?.port ?? port, family: found[0]?.family ?? null, addresses: found };
}

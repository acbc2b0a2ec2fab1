import { PEEK_MS } from '../facts/budgets.ts';
import type { Address, Evidence, PeekEvidence } from '../model/evidence.ts';
import { openAttempts } from '../model/view.ts';
import { now, within } from '../system/clock.ts';
import { listen } from '../system/peek.ts';
import { speaksTls } from '../system/tls-records.ts';
import { printable, readBanner } from '../wire/banner.ts';
import type { ProbeContext } from './context.ts';

/** The shortest request every HTTP server answers; other protocols greet first, or answer with a recognisable complaint. */
const HARMLESS_REQUEST = 'HEAD / HTTP/1.0\r\n\r\n';

/** Looking at one port; a program that says nothing for a second to a request and to a TLS hello is silent. */
const SILENT_MS = 1000;

/** What each open port of the target says. */
export function probePeek(context: ProbeContext, evidence: Evidence): Promise<readonly PeekEvidence[]> {
  return Promise.all(openAttempts(evidence).map((address) => peekAt(context, evidence, address)));
}

/** Asks in HTTP, then in TLS: some TLS servers answer the first in plain HTTP, so one answer alone does not tell. */
async function peekAt(context: ProbeContext, { target }: Evidence, { address }: Address): Promise<PeekEvidence> {
  const started = now();
  const { port, host } = target;
  const { signal } = context;
  const done = (speaks: PeekEvidence['speaks'], banner: Buffer): PeekEvidence => ({
    address,
    port,
    speaks,
    banner: banner.length === 0 || speaks === 'tls' ? null : printable(banner),
    ms: now() - started,
  });
  const limit = Math.min(SILENT_MS, context.options.answerMs);
  const asking = listen(address, port, HARMLESS_REQUEST, limit, signal);
  const soon = await within(asking, PEEK_MS, null, signal);
  const spoken = soon === null || soon.bytes.length === 0 ? null : readBanner(soon.bytes);
  if (soon !== null && spoken !== null && spoken !== 'http') return done(spoken, soon.bytes);
  // Whoever answers HTTP at once also answers a TLS hello at once, one way or the other.
  const timeoutMs = spoken === null ? limit : Math.min(limit, PEEK_MS);
  const [isTls, asked] = await Promise.all([speaksTls({ address, port, host, timeoutMs, signal }), asking]);
  if (isTls) return done('tls', asked.bytes);
  if (asked.bytes.length > 0) return done(readBanner(asked.bytes), asked.bytes);
  return done(asked.closed ? 'close' : 'silence', asked.bytes);
}

import { PEEK_MS, TLS_HANDSHAKE_MS } from '../facts/budgets.ts';
import type { Address, Evidence, PeekEvidence } from '../model/evidence.ts';
import { openAttempts } from '../model/view.ts';
import { now } from '../system/clock.ts';
import { listen, speaksTls } from '../system/peek.ts';
import { printable, readBanner } from '../wire/banner.ts';
import type { ProbeContext } from './context.ts';

/** The shortest request every HTTP server answers; other protocols answer it with a recognisable complaint. */
const HARMLESS_REQUEST = 'HEAD / HTTP/1.0\r\n\r\n';

/** What each open port of the target says. */
export function probePeek(context: ProbeContext, evidence: Evidence): Promise<readonly PeekEvidence[]> {
  return Promise.all(openAttempts(evidence).map((address) => peekAt(context, evidence, address)));
}

/** First only listens (ssh, mysql and mail servers speak first), then asks for TLS, then in HTTP. */
async function peekAt(context: ProbeContext, { target }: Evidence, { address }: Address): Promise<PeekEvidence> {
  const started = now();
  const { port, host } = target;
  const done = (speaks: PeekEvidence['speaks'], banner: Buffer | null): PeekEvidence => ({
    address,
    port,
    speaks,
    banner: banner === null || banner.length === 0 ? null : printable(banner),
    ms: now() - started,
  });
  const first = await listen(address, port, null, PEEK_MS, context.signal);
  if (first.bytes.length > 0) return done(readBanner(first.bytes), first.bytes);
  if (first.closed) return done('close', null);
  const limit = Math.min(TLS_HANDSHAKE_MS, context.options.answerMs);
  const [tls, asked] = await Promise.all([
    speaksTls(address, port, host, Math.min(limit, 1000), context.signal),
    listen(address, port, HARMLESS_REQUEST, Math.min(limit, 1000), context.signal),
  ]);
  if (tls) return done('tls', null);
  if (asked.bytes.length > 0) return done(readBanner(asked.bytes), asked.bytes);
  return done(asked.closed ? 'close' : 'silence', null);
}

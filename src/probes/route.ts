import type { Evidence, Handshake } from '../model/evidence.ts';
import { openAttempts, usesProxy } from '../model/view.ts';
import { type AttemptOptions, handshakeAt, handshakeThrough } from './attempt.ts';
import type { ProbeContext } from './context.ts';
import { proxyUrl } from './proxy.ts';

/** Another handshake on the way the client takes: through its proxy where it has one, else with the first open address. */
export function handshakeAgain(context: ProbeContext, evidence: Evidence, options: AttemptOptions): Promise<Handshake> | null {
  const proxy = usesProxy(evidence) ? proxyUrl(context, evidence) : null;
  const reached = evidence.proxy?.reach?.attempts.find(({ outcome }) => outcome === 'open');
  if (proxy !== null && reached !== undefined) return handshakeThrough(context, evidence, proxy, reached.address, options);
  const open = openAttempts(evidence)[0];
  return open === undefined ? null : handshakeAt(context, evidence, open, options);
}

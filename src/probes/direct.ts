import { lookupAll } from '../system/dns.ts';
import { DNS_LOOKUP_MS } from '../facts/budgets.ts';
import type { Evidence, Handshake } from '../model/evidence.ts';
import { openAttempts } from '../model/view.ts';
import { bareHost } from '../system/http.ts';
import { handshakeAt, handshakeThrough } from './attempt.ts';
import type { ProbeContext } from './context.ts';
import { proxyUrl } from './proxy.ts';

/** The handshake with the first address that opened, as a client with its own fallback would reach it. */
export async function probeDirect(context: ProbeContext, evidence: Evidence): Promise<Handshake> {
  return handshakeAt(context, evidence, openAttempts(evidence)[0]!);
}

/** The same handshake through the proxy that counts as the client's. */
export async function probeProxied(context: ProbeContext, evidence: Evidence): Promise<Handshake> {
  const proxy = proxyUrl(context, evidence)!;
  const open = evidence.proxy?.reach?.attempts.find(({ outcome }) => outcome === 'open');
  const address =
    open?.address ?? (await lookupAll(bareHost(proxy), DNS_LOOKUP_MS, context.signal)).addresses[0]?.address ?? bareHost(proxy);
  return handshakeThrough(context, evidence, proxy, address);
}

import { TLS_HANDSHAKE_MS } from '../facts/budgets.ts';
import type { Evidence, Handshake } from '../model/evidence.ts';
import type { ProbeContext } from './context.ts';
import { handshakeAgain } from './route.ts';

/** The same URL with the other scheme on the same port. Nothing the user configured goes out in the clear where TLS was meant. */
export async function probeOtherScheme(context: ProbeContext, evidence: Evidence): Promise<Handshake> {
  const limitMs = Math.min(TLS_HANDSHAKE_MS, context.options.answerMs);
  // Planned only after something answered on this way.
  return (await handshakeAgain(context, evidence, { ...schemeChanged(context, evidence), limitMs }))!;
}

/** The target's URL with the other scheme, and what may be sent there. */
export function schemeChanged(
  context: ProbeContext,
  { target }: Evidence,
): { readonly url: URL; readonly headers?: Record<string, string> } {
  const url = new URL(context.request.url);
  url.protocol = target.scheme === 'https' ? 'http:' : 'https:';
  // The default port goes with the scheme; the port that was meant stays.
  url.port = String(target.port);
  if (target.scheme === 'https') url.search = '';
  return target.scheme === 'https' ? { url, headers: {} } : { url };
}

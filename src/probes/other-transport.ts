import type { Evidence, Handshake } from '../model/evidence.ts';
import type { ProbeContext } from './context.ts';
import { handshakeAgain } from './route.ts';

/** Whether it answers must be clear sooner than for the transport that was asked for. */
const OTHER_TRANSPORT_MS = 5000;

/** The same URL by the transport that was not configured: Streamable HTTP for HTTP+SSE and the other way round. */
export function probeOtherTransport(context: ProbeContext, evidence: Evidence): Promise<Handshake> {
  const transport = evidence.target.transport === 'sse' ? 'http' : 'sse';
  const limitMs = Math.min(OTHER_TRANSPORT_MS, context.options.answerMs);
  // Planned only after the client's own way was answered, so there is a way.
  return handshakeAgain(context, evidence, { transport, limitMs, tools: false })!;
}

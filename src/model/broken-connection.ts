import type { Evidence } from './evidence.ts';
import { endpoint, failedWay } from './view.ts';

/** A connection that was accepted, or nearly, and ended without an answer: where on the way, and how. */
export interface Broken {
  readonly layer: 'tcp' | 'tls' | 'http' | 'tools';
  readonly address: string;
  readonly how: 'reset' | 'closed';
  readonly when: string;
  readonly fact: string;
}

/** How the target's connection was cut; undefined when it failed in another way. */
export function brokenConnection(found: Evidence): Broken | undefined {
  const { tcp, tls: secure, target } = found;
  const attempts = tcp?.attempts ?? [];
  const reset = attempts.find(({ outcome }) => outcome === 'reset');
  if (reset !== undefined && attempts.every(({ outcome }) => outcome !== 'open')) {
    const fact = `${endpoint(reset.address, target.port)} reset (${reset.code ?? 'ECONNRESET'}) after ${Math.round(reset.ms)} ms`;
    return { layer: 'tcp', address: reset.address, how: 'reset', when: 'while it is being opened', fact };
  }
  const way = failedWay(found);
  const failure = way?.last.failure;
  if (way !== undefined && failure && failure.head === null && (failure.reason === 'reset' || failure.reason === 'closed')) {
    const { route } = way.handshake;
    const address = route.kind === 'direct' ? route.address : target.host;
    const fact = `${way.last.request}: ${failure.reason}${failure.code === null ? '' : ` (${failure.code})`} after ${Math.round(failure.ms)} ms`;
    const when = failure.stage === 'tls' ? 'during the TLS handshake' : `on the request (${way.last.request})`;
    return { layer: failure.stage === 'tls' ? 'tls' : way.layer, address, how: failure.reason, when, fact };
  }
  if (secure?.outcome.kind !== 'closed') return undefined;
  const fact = `TLS handshake: closed (${secure.outcome.code}) after ${Math.round(secure.ms)} ms`;
  return {
    layer: 'tls',
    address: secure.address,
    how: secure.outcome.code === 'ECONNRESET' ? 'reset' : 'closed',
    when: 'during the TLS handshake',
    fact,
  };
}

import type { Address, Evidence, Handshake } from '../model/evidence.ts';
import type { HttpTarget } from '../model/target.ts';
import { maskUrl } from '../model/redact.ts';
import type { ProbeContext } from './context.ts';
import { attemptHandshake } from './handshake.ts';
import { trustedRoots } from './trust.ts';

export interface AttemptOptions {
  /** Another URL than the target's own (path, port or scheme changed). */
  readonly url?: URL;
  /** For the whole handshake, in milliseconds; default: the run's answer limit. */
  readonly limitMs?: number;
  /** Headers to send instead of the configured ones; `{}` for anything the user did not name. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly tools?: boolean;
  /** Another transport than the configured one; null tries both. */
  readonly transport?: HttpTarget['transport'];
}

/** A handshake with one address. */
export async function handshakeAt(
  context: ProbeContext,
  evidence: Evidence,
  { address, family }: Address,
  options: AttemptOptions = {},
): Promise<Handshake> {
  return attempt(context, evidence, { kind: 'direct', address }, { kind: 'direct', address, family }, options);
}

/** A handshake through a proxy that is dialled at `address`. */
export async function handshakeThrough(
  context: ProbeContext,
  evidence: Evidence,
  proxy: URL,
  address: string,
  options: AttemptOptions = {},
): Promise<Handshake> {
  const tunnel = evidence.proxy?.effective.tunnel === true;
  return attempt(context, evidence, { kind: 'proxy', url: proxy, address, tunnel }, { kind: 'proxy', proxy: maskUrl(proxy) }, options);
}

async function attempt(
  context: ProbeContext,
  evidence: Evidence,
  route: Parameters<typeof attemptHandshake>[0]['route'],
  shownRoute: Handshake['route'],
  {
    url = context.request.url,
    limitMs = context.options.answerMs,
    headers = context.request.headers,
    tools = true,
    transport = evidence.target.transport,
  }: AttemptOptions,
): Promise<Handshake> {
  return attemptHandshake({
    url,
    headers,
    route,
    shownRoute,
    transport,
    ca: url.protocol === 'https:' ? (await trustedRoots(context)).roots : undefined,
    answerMs: limitMs,
    lateAfterMs: evidence.target.limitMs,
    tools,
    signal: context.signal,
  });
}

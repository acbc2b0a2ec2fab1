import { TLS_HANDSHAKE_MS } from '../facts/budgets.ts';
import type { ClientCertificateEvidence, Evidence, TlsEvidence, TrustResult } from '../model/evidence.ts';
import { openAttempts } from '../model/view.ts';
import { now } from '../system/clock.ts';
import { readPem, systemRoots } from '../system/files.ts';
import { asksForClientCertificate, type TlsAttempt, type TlsResult, tlsHandshake } from '../system/tls.ts';
import type { ProbeContext } from './context.ts';
import { trustedRoots } from './trust.ts';

/** OpenSSL's reasons for "these first bytes are no TLS record". */
const NOT_TLS = new Set(['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG', 'ERR_SSL_HTTP_REQUEST', 'EPROTO']);

/** The TLS handshake with the first open address; what it takes to understand a refusal is asked only after one. */
export async function probeTls(context: ProbeContext, evidence: Evidence): Promise<TlsEvidence> {
  const started = now();
  const attempt = attemptAt(context, evidence);
  const { roots, extraFile } = await trustedRoots(context);
  const result = await tlsHandshake({ ...attempt, ca: roots });
  const base = { address: attempt.address, chain: [], trusted: null, verifyCode: null, nameMatches: null, stores: [], fallback: null };
  if (result.kind !== 'established') {
    const outcome = outcomeOf(result);
    const fallback = outcome.kind === 'refused' ? await tlsHandshake({ ...attempt, anything: true }) : null;
    return {
      ...base,
      outcome,
      fallback: fallback?.kind === 'established' ? { protocol: fallback.protocol, cipher: fallback.cipher } : null,
      ms: now() - started,
    };
  }
  const { protocol, cipher, verifyCode, nameMatches } = result;
  const good = { ...base, outcome: { kind: 'established' as const, protocol, cipher }, nameMatches, verifyCode };
  if (verifyCode === null) return { ...good, chain: result.chain, trusted: nameMatches, ms: now() - started };
  const [sent, stores] = await Promise.all([tlsHandshake({ ...attempt, ca: [] }), judgeByStores(context, attempt, extraFile)]);
  return {
    ...good,
    chain: sent.kind === 'established' ? sent.chain : result.chain,
    trusted: false,
    stores: [{ store: 'node', file: null, trusted: false, code: verifyCode }, ...stores],
    ms: now() - started,
  };
}

/** Whether a client certificate is asked for. */
export async function probeClientCertificate(context: ProbeContext, evidence: Evidence): Promise<ClientCertificateEvidence> {
  const started = now();
  return { requested: await asksForClientCertificate(attemptAt(context, evidence)), ms: now() - started };
}

function attemptAt(context: ProbeContext, evidence: Evidence): TlsAttempt {
  return {
    address: openAttempts(evidence)[0]?.address ?? evidence.target.host,
    port: evidence.target.port,
    host: evidence.target.host,
    timeoutMs: Math.min(TLS_HANDSHAKE_MS, context.options.answerMs),
    signal: context.signal,
  };
}

function outcomeOf(result: Exclude<TlsResult, { kind: 'established' }>): TlsEvidence['outcome'] {
  if (result.kind !== 'failed') return result;
  if (NOT_TLS.has(result.code)) return { kind: 'not-tls', code: result.code };
  return { kind: 'refused', code: result.code, alert: /ALERT/.test(result.code) ? result.reason : null };
}

/** The same chain judged by each collection of roots alone. */
async function judgeByStores(context: ProbeContext, attempt: TlsAttempt, extraFile: string | null): Promise<readonly TrustResult[]> {
  const system = await systemRoots();
  const candidates: { store: TrustResult['store']; file: string; pem: string | null }[] = [
    ...(system === null ? [] : [{ store: 'system' as const, ...system }]),
    ...(extraFile === null ? [] : [{ store: 'node-extra-ca-certs' as const, file: extraFile, pem: await readPem(extraFile) }]),
    ...(context.request.caFile === null
      ? []
      : [{ store: 'option-ca' as const, file: context.request.caFile, pem: await readPem(context.request.caFile) }]),
  ];
  return Promise.all(
    candidates.map(async ({ store, file, pem }): Promise<TrustResult> => {
      if (pem === null) return { store, file, trusted: false, code: 'UNREADABLE' };
      const result = await tlsHandshake({ ...attempt, ca: [pem] });
      if (result.kind !== 'established') return { store, file, trusted: false, code: result.kind };
      return { store, file, trusted: result.verifyCode === null, code: result.verifyCode };
    }),
  );
}

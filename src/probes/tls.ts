import { TLS_HANDSHAKE_MS } from '../facts/budgets.ts';
import type { ClientCertificateEvidence, Evidence, TlsEvidence, TrustResult } from '../model/evidence.ts';
import { NO_TLS_RECORD, openAttempts } from '../model/view.ts';
import { findAnchor, parseCertificate } from '../system/certificates.ts';
import { now, today } from '../system/clock.ts';
import { type TlsAttempt, type TlsResult, tlsHandshake } from '../system/tls.ts';
import { asksForClientCertificate } from '../system/tls-records.ts';
import type { ProbeContext } from './context.ts';
import { type Store, trustedRoots, trustStores } from './trust.ts';

/** OpenSSL names the alerts it receives after the version that brought them in. */
const ALERT = /^ERR_SSL_(?:SSLV3|TLSV1|TLSV13)_/;

/** The TLS handshake with the first open address; what it takes to understand a refusal is asked only after one. */
export async function probeTls(context: ProbeContext, evidence: Evidence): Promise<TlsEvidence> {
  const started = now();
  const attempt = attemptAt(context, evidence);
  const { roots } = await trustedRoots(context);
  const result = await tlsHandshake({ ...attempt, ca: roots });
  const base = { address: attempt.address, chain: [], trusted: null, verifyCode: null, nameMatches: null, stores: [], fallback: null };
  if (result.kind !== 'established') {
    const outcome = outcomeOf(result);
    const puzzling = outcome.kind === 'refused' || outcome.kind === 'closed';
    const fallback = puzzling ? await tlsHandshake({ ...attempt, anything: true }) : null;
    return {
      ...base,
      outcome,
      fallback: fallback?.kind === 'established' ? { protocol: fallback.protocol, cipher: fallback.cipher } : null,
      ms: now() - started,
    };
  }
  const { protocol, cipher, verifyCode, nameMatches } = result;
  const at = today().toISOString();
  const good = { ...base, outcome: { kind: 'established' as const, protocol, cipher }, nameMatches, verifyCode, at };
  if (verifyCode === null) return { ...good, chain: result.chain, trusted: nameMatches, ms: now() - started };
  // Without any root of ours in it the chain is what the server really sent.
  const bare = await tlsHandshake({ ...attempt, ca: [] });
  const sent = bare.kind === 'established' ? bare : result;
  const stores = await trustStores(context);
  const judged = await Promise.all(stores.map((store) => judgeBy(store, attempt, verifyCode, sent.encoded.at(-1))));
  return { ...good, chain: sent.chain, trusted: false, stores: judged, ms: now() - started };
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
  const { code, reason } = result;
  if (NO_TLS_RECORD.has(code)) return { kind: 'not-tls', code };
  return { kind: 'refused', code, alert: ALERT.test(code) ? reason : null };
}

/** The same server judged by one collection of roots alone, and which of them the chain as sent leads to. */
async function judgeBy(
  { store, file, roots }: Store,
  attempt: TlsAttempt,
  ownCode: string,
  last: Buffer | undefined,
): Promise<TrustResult> {
  if (roots === null) return { store, file, trusted: false, code: 'UNREADABLE' };
  // What the client's own roots say is known already.
  const verdict = store === 'node' ? { trusted: false, code: ownCode } : await verdictOf(roots, attempt);
  const end = last === undefined ? null : parseCertificate(last);
  const known = roots.flatMap((pem) => parseCertificate(pem) ?? []);
  return { store, file, ...verdict, ...(end === null ? {} : findAnchor(end, known)) };
}

async function verdictOf(roots: readonly string[], attempt: TlsAttempt): Promise<Pick<TrustResult, 'trusted' | 'code'>> {
  const result = await tlsHandshake({ ...attempt, ca: roots });
  if (result.kind === 'established') return { trusted: result.verifyCode === null, code: result.verifyCode };
  return { trusted: false, code: result.kind === 'timed-out' ? null : result.code };
}

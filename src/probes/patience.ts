import { PATIENCE_INTERVAL_MS } from '../facts/budgets.ts';
import type { Evidence, Handshake, PatienceEvidence } from '../model/evidence.ts';
import { addressesOf, isReady } from '../model/view.ts';
import { now, sleep } from '../system/clock.ts';
import { connectOnce } from '../system/tcp.ts';
import { handshakeAt } from './attempt.ts';
import type { ProbeContext } from './context.ts';

/** Watches a refused local address until it opens and completes the handshake, or the patience is over. */
export async function probePatience(context: ProbeContext, evidence: Evidence): Promise<PatienceEvidence> {
  const started = now();
  const { patienceMs } = context.options;
  const { port } = evidence.target;
  const left = () => patienceMs - (now() - started);
  let openedAfterMs: number | null = null;
  let handshake: Handshake | null = null;
  while (left() > 0 && !context.signal.aborted) {
    await sleep(Math.min(PATIENCE_INTERVAL_MS, left()), context.signal);
    const attempts = await Promise.all(
      addressesOf(evidence).map((address) => connectOnce({ ...address, port }, { timeoutMs: Math.max(1, left()), signal: context.signal })),
    );
    const open = attempts.find(({ outcome }) => outcome === 'open');
    if (open === undefined) continue;
    openedAfterMs ??= now() - started;
    // A port often opens before the routes behind it are ready: only a handshake ends the watch.
    handshake = await handshakeAt(context, evidence, open, { limitMs: Math.max(context.options.answerMs / 4, left()) });
    if (isReady(handshake)) break;
  }
  return { watchedMs: now() - started, openedAfterMs, handshake };
}

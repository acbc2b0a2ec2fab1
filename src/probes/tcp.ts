import { TCP_CONNECT_MS } from '../facts/budgets.ts';
import type { Evidence, TcpEvidence } from '../model/evidence.ts';
import { addressesOf } from '../model/view.ts';
import { now } from '../system/clock.ts';
import { connectOnce } from '../system/tcp.ts';
import type { ProbeContext } from './context.ts';

/** Every address of the target by itself and all at once; never a summary over several. */
export async function probeTcp({ signal }: ProbeContext, evidence: Evidence): Promise<TcpEvidence> {
  const started = now();
  const { port } = evidence.target;
  const attempts = await Promise.all(
    addressesOf(evidence).map((address) => connectOnce({ ...address, port }, { timeoutMs: TCP_CONNECT_MS, signal })),
  );
  return { attempts, ms: now() - started };
}

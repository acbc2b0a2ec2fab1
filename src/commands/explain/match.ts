import type { Circumstances, Signature, System } from '../../facts/signatures/signature.ts';
import { isLoopback } from './read-address.ts';
import type { Reading } from './read-text.ts';

/** A text with everything that is known about it. */
export interface Subject {
  /** The lines that tell of a failure. */
  readonly text: string;
  /** All of it. */
  readonly whole: string;
  /** What the text itself says. */
  readonly own: Reading;
  /** The same, completed by the config. */
  readonly reading: Reading;
  readonly system: System | null;
}

/** Whether a signature is found in a text. */
export function fits({ errno, status, pattern, and, not, when }: Signature, { text, reading, system }: Subject): boolean {
  // What costs nothing first: most signatures need no search at all.
  if (when !== undefined && !holds(when, reading, system)) return false;
  if (errno !== undefined && !errno.some((one) => reading.errnos.includes(one))) return false;
  if (status !== undefined && !status.some((one) => reading.statuses.includes(one))) return false;
  if ([pattern, and].some((one) => one !== undefined && !one.test(text))) return false;
  return !not?.test(text);
}

function holds(when: Circumstances, { host, family, transport, client, hop }: Reading, system: System | null): boolean {
  if (when.system !== undefined && !when.system.includes(system ?? 'unknown')) return false;
  if (when.transport !== undefined && (transport === null || !when.transport.includes(transport))) return false;
  if (when.client !== undefined && (client === null || !when.client.includes(client))) return false;
  if (when.hop !== undefined && when.hop !== hop) return false;
  if (when.family !== undefined && when.family !== family) return false;
  return when.loopback === undefined || (host !== null && when.loopback === isLoopback(host));
}

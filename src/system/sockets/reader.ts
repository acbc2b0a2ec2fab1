import type { ListeningSocket, Measured, NotMeasured, ProcessFacts } from '../../model/evidence.ts';

/** A listening socket together with what its own reader needs to find the owner. */
export interface Listener extends ListeningSocket {
  /** Opaque outside the reader that made it: an inode, a pid or an address. */
  readonly ownerKey: string;
}

/** A process that may be about to open a port. */
export interface YoungProcess {
  readonly facts: ProcessFacts;
  /** Its argument vector; may hold secrets, never shown. */
  readonly argv: readonly string[];
}

/** What one operating system tells about listening TCP sockets and the processes behind them. */
export interface SocketReader {
  /** All of our network namespace, whoever owns them. */
  listeningSockets(signal: AbortSignal): Promise<Measured<readonly Listener[]>>;
  /** One answer per listener, in the same order; of several processes that share a socket, the oldest. */
  ownersOf(listeners: readonly Listener[], signal: AbortSignal): Promise<readonly Measured<ProcessFacts>[]>;
  /** Those of the given listeners that one of these processes holds. */
  heldBy(pids: readonly number[], listeners: readonly Listener[], signal: AbortSignal): Promise<readonly Listener[]>;
  /** Every listener in other network namespaces. */
  foreignListeners(signal: AbortSignal): Promise<Measured<readonly Listener[]>>;
  /** Processes of any user, younger than a minute, who listen nowhere. */
  youngProcesses(signal: AbortSignal): Promise<readonly YoungProcess[]>;
}

export function measured<T>(value: T): { readonly kind: 'measured'; readonly value: T } {
  return { kind: 'measured', value };
}

export function notMeasured(why: string): NotMeasured {
  return { kind: 'not-measured', why };
}

/** A listener as evidence shows it, without the reader's key. */
export function toSocket({ address, family, port, v6Only }: ListeningSocket): ListeningSocket {
  return { address, family, port, v6Only };
}

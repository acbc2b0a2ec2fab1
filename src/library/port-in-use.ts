import type { Measured, ProcessFacts } from '../model/evidence.ts';
import { endpoint } from '../model/view.ts';

/** Who holds a port: a process, as far as the operating system lets us see it. Secrets in command lines are masked. */
export interface PortHolder {
  /** The listening address, for example `127.0.0.1` or `::`. */
  readonly address: string;
  /** Null when the system does not tell us who it is. */
  readonly process: {
    readonly pid: number;
    readonly name: string;
    readonly command: string;
    readonly user: string | null;
    /** Since when it runs, ISO 8601. */
    readonly startedAt: string | null;
  } | null;
}

/** The port is held by another program, which the message names. */
export class PortInUseError extends Error {
  override readonly name = 'PortInUseError';
  readonly code = 'port-in-use';
  readonly port: number;
  /** Empty when the operating system does not tell. */
  readonly holders: readonly PortHolder[];

  constructor(port: number, address: string, holders: readonly PortHolder[], options?: ErrorOptions) {
    super(portInUseMessage(port, address, holders), options);
    this.port = port;
    this.holders = holders;
  }
}

/** A holder without what only the machine's own evidence needs. */
export function toHolder(address: string, owner: Measured<ProcessFacts> | undefined): PortHolder {
  if (owner?.kind !== 'measured') return { address, process: null };
  const { pid, name, command, user, startedAt } = owner.value;
  return { address, process: { pid, name, command, user, startedAt } };
}

/** One sentence: which address is taken, by whom, since when. */
export function portInUseMessage(port: number, address: string, holders: readonly PortHolder[], self = process.pid): string {
  const [first] = holders.filter((holder) => holder.process !== null);
  const taken = `${endpoint(first?.address ?? address, port)} is in use`;
  if (first?.process == null) return `${taken} by another program that could not be determined. End that program, or choose another port.`;
  const { pid, name, command, user, startedAt } = first.process;
  if (pid === self) return `${taken} by this process itself. Close its first server, or choose another port.`;
  const details = [`pid ${pid}`, ...(user === null ? [] : [`user ${user}`]), ...(startedAt === null ? [] : [`since ${startedAt}`])];
  return `${taken} by ${name} (${details.join(', ')})${command === '' ? '' : `: ${command}`}. End that program, or choose another port.`;
}

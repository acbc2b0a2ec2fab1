import type { Address } from '../../model/evidence.ts';
import type { FilterBlock, FilterSource } from '../../model/filters.ts';

/** An address as it is dialled. */
export interface Dialled extends Address {
  readonly port: number;
  /** Loopback, or an address of this machine, which is reached over loopback as well. */
  readonly isLocal: boolean;
  /** Whether nothing came back at all, not even an error of this machine. */
  readonly isSilent: boolean;
  /** The interface it goes out by; null when that is not known. */
  readonly device: string | null;
}

/** Who dials. */
export interface Dialler {
  /** Full path of the program. */
  readonly program: string | null;
  readonly userId: number | null;
}

/** What the filters of a system that is not Linux do with the connections in question. */
export interface FilterReading {
  readonly sources: readonly FilterSource[];
  readonly blocks: readonly FilterBlock[];
}

/** What SELinux forbids on this machine. */
import type { Measured } from './evidence.ts';

/** One refusal that the kernel recorded (an "AVC denial"). */
export interface SelinuxDenial {
  /** For example `name_connect`: to connect to a port of that type. */
  readonly permission: string;
  readonly program: string | null;
  /** The port that was dialled, null where the record has none. */
  readonly port: number | null;
  /** The domain of the program (`httpd_t`), and the type of what it wanted (`http_port_t`). */
  readonly source: string;
  readonly target: string;
  /** Milliseconds since 1970; null where the record has no time. */
  readonly at: number | null;
  /** False when it was only recorded, and let through. */
  readonly enforced: boolean;
}

/** SELinux of this machine, where it is in use. */
export interface SelinuxEvidence {
  readonly enforcing: boolean;
  /** The refusals of the moment of the attempts. */
  readonly denials: Measured<readonly SelinuxDenial[]>;
  /** Its switches by name, as far as they could be read. */
  readonly booleans: ReadonlyMap<string, boolean>;
}

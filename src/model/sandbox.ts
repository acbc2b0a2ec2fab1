/** What confines this very process: facts about the sandbox that mcpreach itself was started in. */
import type { Measured, TcpOutcome } from './evidence.ts';

/** Sandboxes that leave a mark by which they are known. */
export type SandboxName =
  | 'codex'
  | 'sandbox-runtime'
  | 'gemini-cli'
  | 'flatpak'
  | 'snap'
  | 'firejail'
  | 'bubblewrap'
  | 'systemd'
  | 'seatbelt';

/** A sandbox, and the mark that gave it away, fit to be shown. */
export interface SandboxMark {
  readonly name: SandboxName;
  readonly mark: string;
}

/** What a system service is forbidden, as systemd says it. */
export interface UnitLimits {
  readonly unit: string;
  /** The settings that limit its network, as `Name=value`. */
  readonly settings: readonly string[];
}

export interface SandboxEvidence {
  /** Most telling first; empty when nothing gives a sandbox away. */
  readonly marks: readonly SandboxMark[];
  /** How many seccomp filters watch this process's system calls (seccomp(2)). */
  readonly seccompFilters: Measured<number>;
  readonly noNewPrivileges: Measured<boolean>;
  /** AppArmor profile or SELinux context; null where nothing confines. */
  readonly label: Measured<string | null>;
  /** Names of this network namespace's interfaces, and whether they are up. */
  readonly interfaces: Measured<readonly { readonly name: string; readonly up: boolean }[]>;
  /** The service this process belongs to; null when it belongs to none, or when that limits nothing. */
  readonly unit: Measured<UnitLimits | null>;
  /** What came of a connection to a listener of our own on 127.0.0.1: it can fail only by what confines this process. */
  readonly own: {
    readonly stage: 'listen' | 'connect';
    readonly outcome: TcpOutcome;
    readonly code: string | null;
  };
  readonly ms: number;
}

/** Which proxy a program uses for an address, and what made it. */
import type { TcpAttempt } from './evidence.ts';
import type { ProxyStore, ScriptAnswer } from './system-proxy.ts';

/** Programs that read proxy variables, each by its own rules. `python` is the requests library. */
export type ProxyReader = 'node-fetch' | 'undici' | 'curl' | 'urllib' | 'python' | 'httpx' | 'go';

/** The system setting that decided, where it was no variable. */
export interface ProxySource {
  readonly store: ProxyStore;
  /** The exceptions that are there already. */
  readonly exceptions: readonly string[];
  /** The PAC file's answer; null when the proxy is written in the settings themselves. */
  readonly script: ScriptAnswer | null;
}

export interface ProxyChoice {
  /** `system` stands for programs that follow the system's settings. */
  readonly reader: ProxyReader | 'system';
  /** Shown form without credentials; null means the target is dialled directly. */
  readonly proxy: string | null;
  /** The variable that decided (`HTTPS_PROXY`, `no_proxy` …), null when none applies. */
  readonly variable: string | null;
  /** Why, in a few words, for example "NO_PROXY lists .local". */
  readonly why: string;
  /** Set when the reader cannot use the variable's value and fails before it connects anywhere; `proxy` is null then. */
  readonly unusable?: true;
  /** Set when the reader asks the proxy for a tunnel (CONNECT) although the target is plain http. */
  readonly tunnel?: true;
  /** The setting that makes this reader dial the target directly; absent when it already does, or when no list can do it. */
  readonly bypass?: { readonly variable: string; readonly value: string };
  /** The system setting that decided; absent when a variable did. */
  readonly source?: ProxySource;
}

/** The choice of a program that reads variables. */
export type VariableChoice = ProxyChoice & { readonly reader: ProxyReader };

/** Which proxy each kind of program would use for this URL, and which of them stands for the client. */
export interface ProxyEvidence {
  readonly choices: readonly ProxyChoice[];
  /** The choice that counts as the client's. */
  readonly effective: ProxyChoice;
  /** What the proxy's own address does; null when no proxy is used. */
  readonly reach: { readonly error: string | null; readonly attempts: readonly TcpAttempt[] } | null;
}

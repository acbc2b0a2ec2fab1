/** The proxy settings of the operating system or desktop, which some programs follow and others never look at. */
import type { Measured } from './evidence.ts';
import type { ProxyChoice } from './proxy.ts';

export type ProxyStore = 'macos' | 'windows' | 'gnome' | 'kde';

export interface ProxyServer {
  readonly host: string;
  readonly port: number;
}

/** One system's settings in the terms of all of them. No credentials: those are not read. */
export interface SystemProxySettings {
  readonly store: ProxyStore;
  /** `script`: a PAC file decides for each address. `discovery`: the network is asked for such a file (WPAD). */
  readonly mode: 'none' | 'manual' | 'script' | 'discovery';
  readonly http: ProxyServer | null;
  /** The proxy for https addresses; it is spoken to in plain HTTP. */
  readonly https: ProxyServer | null;
  readonly socks: ProxyServer | null;
  /** Hosts that are dialled directly, as they are written there. */
  readonly exceptions: readonly string[];
  /** Names without a dot are dialled directly. */
  readonly exemptsSimpleNames: boolean;
  /** KDE: an entry covers every name that ends with it, and the list may name what is proxied instead. */
  readonly matchesSuffixes: boolean;
  readonly isReversed: boolean;
  /** Where the PAC file is; null without one. May hold a secret: shown masked only. */
  readonly script: string | null;
}

/** What a PAC file said about one address. */
export interface ScriptAnswer {
  /** Where it is, as it may be shown. */
  readonly url: string;
  /** `PROXY 192.0.2.8:3128; DIRECT`. */
  readonly result: string;
  /** The line of the file that holds this answer, where just one does. */
  readonly line: { readonly number: number; readonly text: string } | null;
  /** Other hosts whose address it asked for; they were not looked up, and it was told that there is none. */
  readonly notLookedUp: readonly string[];
}

export interface SystemProxyEvidence {
  readonly settings: Measured<SystemProxySettings>;
  /** Null when no file decides. */
  readonly script: Measured<ScriptAnswer> | null;
  /** What programs that follow these settings do with the address; null where that could not be found out. */
  readonly choice: ProxyChoice | null;
  readonly ms: number;
}

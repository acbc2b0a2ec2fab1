/** The public document `mcpreach.explain/1`: what a text says, and what may be behind it. */
import type { Layer } from './layer.ts';
import type { Transport } from './target.ts';

/** An address that a text names. */
export interface ReadAddress {
  readonly host: string;
  readonly port: number | null;
  readonly family: 4 | 6 | null;
}

/** Which connection failed: the client's to the server, or the server's to what stands behind it. */
export type Hop = 'client-server' | 'server-backend';

export interface ReadText {
  /** The failed system call's code in POSIX or Node's terms. */
  readonly errno: string | null;
  readonly host: string | null;
  readonly port: number | null;
  readonly family: 4 | 6 | null;
  /** HTTP status. */
  readonly status: number | null;
  /** Id of the client that wrote it. */
  readonly client: string | null;
  readonly transport: Transport | null;
  /** Every address of the text, at most eight; the first is that of `host` and `port`. */
  readonly addresses: readonly ReadAddress[];
  /** The language or tool that wrote it: node, python, go, rust, java, dotnet, docker, npm, uv, curl or browser. */
  readonly runtime: string | null;
  /** Where on the way it failed. */
  readonly layer: Layer | null;
  readonly hop: Hop | null;
}

export interface Candidate {
  readonly cause: string;
  /** Share of what speaks for it, 0 to 1; all candidates together at most 1. */
  readonly score: number;
  readonly why: string;
  /** The one thing to look at. */
  readonly check: string;
}

/** A diagnosis that is offered, and never made by `explain` itself. */
export interface DoctorOffer {
  readonly address: string;
  readonly command: string;
}

export interface Explanation {
  readonly schema: 'mcpreach.explain/1';
  readonly read: ReadText;
  /** Best first, at most five. */
  readonly candidates: readonly Candidate[];
  /** What to run next, when the text names an address of this machine. */
  readonly doctor: DoctorOffer | null;
  /** What the catalogue says, when a cause's code was asked for instead of a text. */
  readonly account?: CauseAccount;
}

/** A cause in general, without any case of it: what its page says. */
export interface CauseAccount {
  readonly title: string;
  /** Markdown: what happens, how it is proved, how to see it by hand. */
  readonly about: string;
  /** Steps that mend it, best first, as in the page's example. */
  readonly mend: readonly string[];
  readonly refs: readonly string[];
}

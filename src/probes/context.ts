import type { Redactor } from '../model/redact.ts';

/** The secret-laden side of a target: what is really sent. Never shown. */
export interface RequestContext {
  readonly url: URL;
  /** Configured headers with their values; sent to the target's own origin only. */
  readonly headers: Readonly<Record<string, string>>;
  /** Variables that count as the client's. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** PEM file given with `--ca`. */
  readonly caFile: string | null;
}

/** What several targets of one run share: each piece is made once. */
export interface SharedRun {
  once<T>(key: string, make: () => Promise<T>): Promise<T>;
  /** Local ports that targets of this run name; they belong to those and are nobody's neighbour. */
  readonly claimedPorts: ReadonlySet<number>;
}

/** Everything a probe may use besides the evidence so far. */
export interface ProbeContext {
  readonly request: RequestContext;
  /** Ends with the target's budget, or when the user interrupts. */
  readonly signal: AbortSignal;
  readonly options: {
    /** How long one answer may take, in milliseconds. */
    readonly answerMs: number;
    /** How long a refused local address is watched, in milliseconds. */
    readonly patienceMs: number;
    /** Shell command that starts the server. */
    readonly start: string | null;
    /** Whether a command that only reads may be run in a container. */
    readonly exec: boolean;
  };
  readonly redact: Redactor;
  readonly shared: SharedRun;
}

/** A shared run: results are kept as promises, so that two targets asking at once cause one measurement. */
export function createSharedRun(claimedPorts: ReadonlySet<number>): SharedRun {
  const made = new Map<string, Promise<unknown>>();
  return {
    claimedPorts,
    once<T>(key: string, make: () => Promise<T>): Promise<T> {
      const known = made.get(key) as Promise<T> | undefined;
      if (known !== undefined) return known;
      const fresh = make();
      made.set(key, fresh);
      return fresh;
    },
  };
}

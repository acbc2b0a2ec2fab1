import { now, within } from '../system/clock.ts';
import { maskForeign } from '../model/redact.ts';
import { codeOf } from '../system/error-code.ts';

/** What a check may answer: nothing or true when all is well, false or an object when not. */
export type CheckAnswer = boolean | undefined | void | { readonly ready: boolean; readonly reason?: string };

/** Looks whether the server can do its work now. The signal is aborted when it takes too long. */
export type ReadyCheck = (signal: AbortSignal) => CheckAnswer | Promise<CheckAnswer>;

export interface Readiness {
  readonly ready: boolean;
  /** Null when ready. */
  readonly reason: string | null;
}

export interface CheckLimits {
  /** How long one check may take, in milliseconds. */
  readonly timeoutMs: number;
  /** How long an answer is given again without a new check, in milliseconds. */
  readonly cacheMs: number;
  readonly onError: (error: unknown) => void;
}

/** A check that ignores its signal blocks the next one for so many of its time limits; then it is given up as lost. */
const LOST_AFTER = 10;

const LONGEST_REASON = 300;

const READY: Readiness = { ready: true, reason: null };

/** Runs the check for everybody who asks: one at a time, bounded, with a short memory. */
export function readiness(check: ReadyCheck, { timeoutMs, cacheMs, onError }: CheckLimits): () => Promise<Readiness> {
  let asking: Promise<Readiness> | null = null;
  let last: { readonly at: number; readonly answer: Readiness } | null = null;
  let overdueSince: number | null = null;

  async function run(): Promise<Readiness> {
    const limit = new AbortController();
    // In a promise of its own: a check that throws at once fails like one that rejects.
    const checking = (async () => check(limit.signal))().then(toReadiness, (error: unknown) => {
      onError(error);
      return failed(error);
    });
    const answer = await within(checking, timeoutMs, null);
    if (answer !== null) return answer;
    const since = now();
    overdueSince = since;
    void checking.then(() => {
      if (overdueSince === since) overdueSince = null;
    });
    limit.abort();
    return { ready: false, reason: `The check did not end within ${timeoutMs} ms.` };
  }

  return () => {
    if (asking !== null) return asking;
    if (last !== null && now() - last.at < cacheMs) return Promise.resolve(last.answer);
    if (overdueSince !== null && now() - overdueSince < LOST_AFTER * timeoutMs) {
      return Promise.resolve({ ready: false, reason: 'An earlier check has not ended yet.' });
    }
    asking = run().then((answer) => {
      asking = null;
      last = { at: now(), answer };
      return answer;
    });
    return asking;
  };
}

function toReadiness(answer: CheckAnswer): Readiness {
  if (answer === undefined || answer === true) return READY;
  if (answer === false) return { ready: false, reason: 'The check says no.' };
  if (answer.ready) return READY;
  return { ready: false, reason: answer.reason === undefined ? 'The check says no.' : maskForeign(answer.reason).slice(0, LONGEST_REASON) };
}

/** Error messages may hold anything, so that nobody gets to see them but `onError`: the answer has the code only. */
function failed(error: unknown): Readiness {
  const code = codeOf(error);
  return { ready: false, reason: code !== null && /^\w{1,64}$/.test(code) ? `The check failed: ${code}.` : 'The check failed.' };
}

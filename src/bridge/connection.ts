/**
 * Where the bridge stands towards its server. Pure: an event makes of one state the next and says what is to be done.
 *
 *             retry-due              opened                 greeted
 *   down ───────────────▶ opening ───────────▶ greeting ───────────────▶ up
 *    ▲ ▲                     │                  │  │                      │
 *    │ └──────── failed ─────┘                  │  └─ refused ─▶ refused  │
 *    │                                          │                  │     │
 *    └───────────── failed, lost ───────────────┴── retry-due ─────┘ ◀───┘ lost: down
 *
 * `refused` is `down` with a reason that waiting hardly heals (another program has the port, credentials are refused):
 * requests are answered at once, and attempts go on. `close` ends every state.
 */
import { type BackoffPlan, backoffMs } from './backoff.ts';
import type { LinkFailure } from './links/link.ts';
import type { Refusal } from './refusal.ts';

export type Connection =
  | { readonly kind: 'down'; readonly epoch: number; readonly failures: number; readonly why: LinkFailure | null }
  | { readonly kind: 'opening'; readonly epoch: number; readonly failures: number; readonly why: LinkFailure | null }
  /** A link is open and the handshake is made, or is waited for from the client. */
  | { readonly kind: 'greeting'; readonly epoch: number; readonly failures: number; readonly why: LinkFailure | null }
  | { readonly kind: 'up'; readonly epoch: number; readonly since: number }
  | { readonly kind: 'refused'; readonly epoch: number; readonly failures: number; readonly refusal: Refusal | LinkFailure }
  | { readonly kind: 'closed'; readonly epoch: number };

export type ConnectionEvent =
  | { readonly kind: 'retry-due' }
  | { readonly kind: 'opened' }
  | { readonly kind: 'greeted'; readonly at: number }
  /** The attempt failed in a way that waiting may heal. */
  | { readonly kind: 'failed'; readonly why: LinkFailure }
  /** The attempt failed in a way that waiting hardly heals. */
  | { readonly kind: 'refused'; readonly why: Refusal | LinkFailure }
  | { readonly kind: 'lost'; readonly why: LinkFailure; readonly at: number }
  | { readonly kind: 'close' };

export type ConnectionEffect =
  | { readonly kind: 'open' }
  | { readonly kind: 'greet'; readonly epoch: number }
  /** Send `retry-due` after so many milliseconds. */
  | { readonly kind: 'wait'; readonly ms: number }
  /** Give the link up. */
  | { readonly kind: 'drop' }
  /** Send what was held. */
  | { readonly kind: 'release' }
  /** Answer what was held with why there is no server. */
  | { readonly kind: 'turn-away' };

/** A server that stood this long was a good one: its end starts the back-off anew, in milliseconds. */
const STEADY_MS = 10_000;

/** How long a refusal is believed before the server is asked again, in milliseconds. */
const REFUSED_MS: BackoffPlan = { firstMs: 500, mostMs: 5_000, factor: 1.5 };

export const START: Connection = { kind: 'down', epoch: 0, failures: 0, why: null };

/** One step; events that mean nothing in a state leave it as it is. */
export function step(
  state: Connection,
  event: ConnectionEvent,
  plan: BackoffPlan,
  random: number,
): readonly [Connection, readonly ConnectionEffect[]] {
  if (event.kind === 'close') {
    return state.kind === 'closed' ? [state, []] : [{ kind: 'closed', epoch: state.epoch }, [{ kind: 'drop' }]];
  }
  switch (state.kind) {
    case 'closed':
      return [state, []];
    case 'down':
    case 'refused':
      if (event.kind !== 'retry-due') return [state, []];
      return [
        { kind: 'opening', epoch: state.epoch, failures: state.failures, why: state.kind === 'down' ? state.why : null },
        [{ kind: 'open' }],
      ];
    case 'opening':
      if (event.kind !== 'opened') return failedStep(state, event, plan, random);
      return [
        { kind: 'greeting', epoch: state.epoch + 1, failures: state.failures, why: state.why },
        [{ kind: 'greet', epoch: state.epoch + 1 }],
      ];
    case 'greeting':
      if (event.kind !== 'greeted') return failedStep(state, event, plan, random);
      return [{ kind: 'up', epoch: state.epoch, since: event.at }, [{ kind: 'release' }]];
    case 'up': {
      if (event.kind === 'refused') return refusedStep({ ...state, failures: 0 }, event.why, random);
      if (event.kind !== 'lost') return [state, []];
      const failures = event.at - state.since < STEADY_MS ? 1 : 0;
      return downStep({ epoch: state.epoch, failures }, event.why, plan, random);
    }
  }
}

interface Attempt {
  readonly epoch: number;
  readonly failures: number;
}

function failedStep(state: Attempt & Connection, event: ConnectionEvent, plan: BackoffPlan, random: number) {
  switch (event.kind) {
    case 'failed':
    case 'lost':
      return downStep({ ...state, failures: state.failures + 1 }, event.why, plan, random);
    case 'refused':
      // Attempts that found nobody do not count: this is the first answer of somebody else.
      return refusedStep('why' in state && state.why !== null ? { ...state, failures: 0 } : state, event.why, random);
    default:
      return [state, []] as const;
  }
}

function downStep({ epoch, failures }: Attempt, why: LinkFailure, plan: BackoffPlan, random: number) {
  const ms = Math.max(backoffMs(plan, failures, random), why.retryAfterMs ?? 0);
  return [{ kind: 'down', epoch, failures, why } as const, [{ kind: 'drop' } as const, { kind: 'wait', ms } as const]] as const;
}

function refusedStep({ epoch, failures }: Attempt, refusal: Refusal | LinkFailure, random: number) {
  const next = failures + 1;
  return [
    { kind: 'refused', epoch, failures: next, refusal } as const,
    [{ kind: 'drop' } as const, { kind: 'turn-away' } as const, { kind: 'wait', ms: backoffMs(REFUSED_MS, next, random) } as const],
  ] as const;
}

/** Starts children; one is started before anybody asks, so that the first client finds it ready and a command that cannot run is known at once. */
import { createStartGate } from '../../system/gate.ts';
import { within } from '../../system/clock.ts';
import type { Envelope } from '../../wire/envelope.ts';
import type { Link, LinkFailure, LinkListener, OpenedLink, OpenLink } from '../links/link.ts';
import type { Metrics } from './metrics.ts';

export interface Nursery {
  /** Hands the spare child out, or starts another. */
  readonly open: OpenLink;
  /** Starts the spare. `onEnd` hears of its end as long as nobody has taken it. */
  prepare(onEnd: (why: LinkFailure) => void): void;
  /** Children that run. */
  count(): number;
  close(): Promise<void>;
}

/** A child that has said nothing by then is taken for started, so that silent ones do not hold up the rest, in milliseconds. */
const STARTED_MS = 5_000;
/** What a child may say before somebody listens. */
const MOST_EARLY = 100;

const GIVEN_UP: LinkFailure = {
  kind: 'closed',
  code: null,
  status: null,
  detail: 'nobody waits for it any more',
  retryAfterMs: null,
  lastLines: [],
};

export function createNursery(start: OpenLink, metrics: Metrics): Nursery {
  let running = 0;
  let spare: { readonly opened: Promise<OpenedLink>; hand: (listener: LinkListener) => void } | null = null;
  const never = new AbortController();
  // Hundreds that start at once would all be slow, the first ones too.
  const gate = createStartGate();

  const open: OpenLink = async (listener, signal) => {
    let isGone = false;
    const gone = () => {
      if (!isGone) running -= 1;
      isGone = true;
    };
    const leave = await gate.enter();
    if (signal.aborted) {
      leave();
      return { kind: 'failed', why: GIVEN_UP };
    }
    let isStarted: () => void = () => undefined;
    void within(new Promise<void>((resolve) => (isStarted = resolve)), STARTED_MS, undefined).then(leave);
    const result = await start(
      {
        onMessage(message, of) {
          isStarted();
          listener.onMessage(message, of);
        },
        onLost(why) {
          isStarted();
          gone();
          listener.onLost(why);
        },
      },
      signal,
    );
    if (result.kind === 'failed') {
      isStarted();
      return result;
    }
    running += 1;
    metrics.childStarted();
    const { link } = result;
    const counted: Link = {
      send: (message) => link.send(message),
      abandon: (id) => link.abandon(id),
      pause: () => link.pause(),
      resume: () => link.resume(),
      async close() {
        isStarted();
        await link.close();
        gone();
      },
    };
    return { kind: 'open', link: counted };
  };

  return {
    count: () => running,
    prepare(onEnd) {
      let target: LinkListener | null = null;
      const early: [Envelope, string | null][] = [];
      const opened = open(
        {
          onMessage(message, of) {
            if (target !== null) target.onMessage(message, of);
            else if (early.length < MOST_EARLY) early.push([message, of]);
          },
          onLost(why) {
            if (target !== null) return target.onLost(why);
            spare = null;
            onEnd(why);
          },
        },
        never.signal,
      );
      spare = {
        opened,
        hand(listener) {
          target = listener;
          for (const [message, of] of early.splice(0)) listener.onMessage(message, of);
        },
      };
    },
    open(listener, signal) {
      const taken = spare;
      if (taken === null) return open(listener, signal);
      spare = null;
      taken.hand(listener);
      return taken.opened;
    },
    async close() {
      const left = await spare?.opened;
      spare = null;
      if (left?.kind === 'open') await left.link.close();
    },
  };
}

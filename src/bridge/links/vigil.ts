/**
 * Notices that the machine of a server is gone while requests wait for it. TCP by itself takes a quarter of an hour for that:
 * data without an acknowledgement is repeated (tcp(7), tcp_retries2), and as long as that goes on no keep-alive is sent.
 */
import type { TcpOutcome } from '../../model/evidence.ts';
import { after, now } from '../../system/clock.ts';

/** For how long nothing has come before the server is looked at, in milliseconds: as TCP's own keep-alive does it here. */
const SILENT_MS = 5_000;
/** One attempt may meet a moment in which the network is away. */
const MOST_FAILURES = 2;

export interface Vigil {
  /** A request waits for its answer from now on; call what is returned when it does so no more. */
  begin(): () => void;
  /** Something came from the server. */
  heard(): void;
}

/** `knock` makes a fresh connection; `onGone` is told once when those fail as well. */
export function createVigil(
  knock: (signal: AbortSignal) => Promise<TcpOutcome>,
  onGone: (outcome: TcpOutcome) => void,
  signal: AbortSignal,
): Vigil {
  let waiting = 0;
  let heardAt = now();
  let failures = 0;
  let isSet = false;
  let cancel = () => {};
  signal.addEventListener('abort', () => cancel(), { once: true });

  function set(): void {
    if (isSet || waiting === 0 || signal.aborted) return;
    isSet = true;
    cancel = after(Math.max(0, heardAt + SILENT_MS - now()), () => void look());
  }

  async function look(): Promise<void> {
    if (waiting > 0 && now() - heardAt >= SILENT_MS && !signal.aborted) {
      const asked = heardAt;
      const outcome = await knock(signal);
      if (signal.aborted) return;
      if (outcome === 'open') {
        failures = 0;
        heardAt = now();
      } else if (heardAt === asked) {
        failures += 1;
        // Whoever refuses new connections is another machine's kernel than the one that knew ours.
        if (failures >= MOST_FAILURES || outcome === 'refused') return onGone(outcome);
      }
    }
    isSet = false;
    set();
  }

  return {
    begin() {
      waiting += 1;
      if (waiting === 1) [heardAt, failures] = [now(), 0];
      set();
      let isOver = false;
      return () => {
        if (!isOver) waiting -= 1;
        isOver = true;
      };
    },
    heard() {
      heardAt = now();
    },
  };
}

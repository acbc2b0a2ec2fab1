/** Takes started processes down together with ourselves, whichever way we end (but for SIGKILL). */

/** Something that must not outlive this process. */
export interface Mortal {
  /** Ends it in good order. */
  end(): Promise<void>;
  /** Ends it at once; synchronous, for the exit hook. */
  endNow(): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const alive = new Set<Mortal>();

/** Registers; the returned function takes it out again. Listeners exist only while something is registered. */
export function endWithUs(mortal: Mortal): () => void {
  if (alive.size === 0) {
    process.on('exit', onExit);
    for (const signal of SIGNALS) process.on(signal, onSignal);
  }
  alive.add(mortal);
  return () => {
    if (!alive.delete(mortal) || alive.size > 0) return;
    process.off('exit', onExit);
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
}

function onExit(): void {
  for (const mortal of alive) mortal.endNow();
}

function onSignal(signal: NodeJS.Signals): void {
  // Our listener switches off the default, which is to die. Whoever else listens decides for the program; if nobody does, the default is due.
  const alone = process.listenerCount(signal) === 1;
  void Promise.all([...alive].map((mortal) => mortal.end())).then(() => {
    if (!alone) return;
    process.off(signal, onSignal);
    process.kill(process.pid, signal);
  });
}

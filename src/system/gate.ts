import { availableParallelism } from 'node:os';

/** Lets only so many pass at a time; the rest waits in order. */
export interface Gate {
  /** Resolves when there is room, with a function that makes room again; may be called more than once. */
  enter(): Promise<() => void>;
}

export function createGate(width: number): Gate {
  const queue: (() => void)[] = [];
  let inside = 0;

  function leave(): void {
    const next = queue.shift();
    if (next === undefined) inside -= 1;
    else next();
  }

  return {
    async enter() {
      if (inside < width) inside += 1;
      else await new Promise<void>((resolve) => queue.push(resolve));
      let left = false;
      return () => {
        if (!left) leave();
        left = true;
      };
    },
  };
}

/** A gate for programs that start: so many at once leave each about half a processor, and more would all look slow. */
export function createStartGate(): Gate {
  return createGate(Math.max(4, 2 * availableParallelism()));
}

import type { Evidence, HolderEvidence } from '../model/evidence.ts';
import { now } from '../system/clock.ts';
import { socketReader, toSocket } from '../system/sockets/index.ts';
import type { ProbeContext } from './context.ts';
import { readListeners } from './machine.ts';

/** Who holds the target's port on this machine, here and in other network namespaces, and who seems about to open it. */
export async function probeHolder(context: ProbeContext, { target }: Evidence): Promise<HolderEvidence> {
  const started = now();
  const { signal } = context;
  const reader = socketReader();
  const [listeners, foreign, starting] = await Promise.all([
    readListeners(context),
    reader.foreignListeners(target.port, signal),
    reader.startingProcesses(target.port, signal),
  ]);
  const here = listeners.kind === 'measured' ? listeners.value.filter(({ port }) => port === target.port) : [];
  const elsewhere = foreign.kind === 'measured' ? foreign.value : [];
  // One question for both: the search through all processes costs the same for one socket and for ten.
  const owners = await reader.ownersOf([...here, ...elsewhere], signal);
  const held = [...here, ...elsewhere].flatMap((listener, index) => {
    const owner = owners[index];
    return owner === undefined ? [] : [{ socket: toSocket(listener), owner }];
  });
  const gaps = [listeners, foreign].flatMap((one) => (one.kind === 'not-measured' ? [one.why] : []));
  return {
    holders: held.slice(0, here.length),
    elsewhere: held.slice(here.length),
    starting,
    ...(gaps.length > 0 && { gaps }),
    ms: now() - started,
  };
}

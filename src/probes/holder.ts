import type { Evidence, HolderEvidence } from '../model/evidence.ts';
import { now } from '../system/clock.ts';
import { namesPort, socketReader, toSocket } from '../system/sockets/index.ts';
import type { ProbeContext } from './context.ts';
import { readListeners } from './machine.ts';

/** Who holds the target's port on this machine, here and in other network namespaces, and who seems about to open it. */
export async function probeHolder(context: ProbeContext, { target }: Evidence): Promise<HolderEvidence> {
  const started = now();
  const { signal, shared } = context;
  const reader = socketReader();
  // Everything that means a walk through all processes is done once for all targets of the run.
  const [listeners, foreign, young] = await Promise.all([
    readListeners(context),
    shared.once('foreign listeners', () => reader.foreignListeners(signal)),
    shared.once('young processes', () => reader.youngProcesses(signal)),
  ]);
  const here = listeners.kind === 'measured' ? listeners.value.filter(({ port }) => port === target.port) : [];
  const elsewhere = foreign.kind === 'measured' ? foreign.value.filter(({ port }) => port === target.port) : [];
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
    starting: young.filter(({ argv }) => namesPort(argv, target.port)).map(({ facts }) => facts),
    ...(gaps.length > 0 && { gaps }),
    ms: now() - started,
  };
}

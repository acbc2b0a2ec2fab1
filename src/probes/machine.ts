import type { Evidence, MachineEvidence, Measured } from '../model/evidence.ts';
import { now } from '../system/clock.ts';
import { socketReader, toSocket } from '../system/sockets/index.ts';
import type { Listener } from '../system/sockets/index.ts';
import type { ProbeContext } from './context.ts';

/** Every listening socket of this machine with the key to its owner; read once for the whole run. */
export function readListeners({ shared, signal }: ProbeContext): Promise<Measured<readonly Listener[]>> {
  return shared.once('listeners', () => socketReader().listeningSockets(signal));
}

/** The listening sockets of this machine, without owners; the same for every target of the run. */
export async function probeMachine(context: ProbeContext, _evidence: Evidence): Promise<MachineEvidence> {
  return context.shared.once('machine', async () => {
    const started = now();
    const listeners = await readListeners(context);
    const sockets = listeners.kind === 'measured' ? { kind: listeners.kind, value: listeners.value.map(toSocket) } : listeners;
    return { sockets, ms: now() - started };
  });
}

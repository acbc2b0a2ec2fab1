import { socketReader } from '../../system/sockets/index.ts';

/** Who listens on a port of this machine, in a few words; null when that cannot be known. */
export async function holderOf(port: number): Promise<string | null> {
  const reader = socketReader();
  const signal = AbortSignal.timeout(3000);
  const listeners = await reader.listeningSockets(signal);
  if (listeners.kind !== 'measured') return null;
  const here = listeners.value.filter((one) => one.port === port);
  const [owner] = await reader.ownersOf(here, signal);
  return owner?.kind === 'measured' ? `${owner.value.name} (process ${owner.value.pid})` : null;
}

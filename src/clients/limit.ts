import type { ConfigEntry } from '../model/config.ts';
import type { Client } from './client.ts';
import type { Environment } from './expand.ts';

/** How long this client waits for this server's handshake, in milliseconds; null when it waits for ever, or nobody knows. */
export function startupLimitMs(client: Client, entry: Pick<ConfigEntry, 'timeoutMs'>, environment: Environment): number | null {
  if (entry.timeoutMs !== null) return entry.timeoutMs;
  const { defaultMs, variable } = client.startup;
  const set = Number(variable === null ? undefined : environment[variable]);
  if (Number.isFinite(set) && set > 0) return set;
  return typeof defaultMs === 'number' ? defaultMs : null;
}

/** A steady mix of requests, by as many workers as a busy client has calls in flight. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Chance } from './random.ts';
import type { ChaosClient } from './client.ts';

export interface Traffic {
  /** Lists are asked for only while this is true. */
  lists: boolean;
  stop(): Promise<void>;
}

const WORKERS = 8;
/** Between two requests of one worker, in milliseconds. */
const THINK_MS = { low: 2, high: 20 };
/** After an error, as whoever reads it needs a moment, in milliseconds. */
const ERROR_MS = 60;

export function startTraffic(
  client: ChaosClient,
  chance: Chance,
  { modern, asks }: { readonly modern: boolean; readonly asks: boolean },
): Traffic {
  let isOn = true;
  let keys = 0;
  const traffic: Traffic = {
    lists: true,
    async stop() {
      isOn = false;
      await Promise.all(workers);
    },
  };

  const call = (tool: 'run' | 'ask', ms: number) => {
    const key = `${tool}-${(keys += 1)}`;
    return client.request('tools/call', { name: tool, arguments: tool === 'run' ? { key, ms } : { key } }, key);
  };

  async function one(): Promise<void> {
    const kind = chance.next();
    if (kind < 0.06) return client.notify('notifications/roots/list_changed');
    if (kind < 0.14) {
      const entry = call('run', chance.between(5, 200));
      await Promise.race([entry.answered, sleep(chance.between(0, 60))]);
      if (entry.answers.length === 0) client.cancel(entry);
      return;
    }
    const entry =
      kind < 0.2
        ? client.request(modern ? 'server/discover' : 'ping')
        : kind < 0.28 && traffic.lists
          ? client.request('tools/list')
          : kind < 0.36 && asks
            ? call('ask', 0)
            : call('run', kind < 0.7 ? 0 : kind < 0.92 ? 20 : chance.between(100, 500));
    const answer = await entry.answered;
    if (answer?.['error'] !== undefined) await sleep(ERROR_MS);
  }

  const worker = async () => {
    while (isOn && !client.hasEnded()) {
      await one();
      await sleep(chance.between(THINK_MS.low, THINK_MS.high));
    }
  };
  const workers = Array.from({ length: WORKERS }, worker);
  return traffic;
}

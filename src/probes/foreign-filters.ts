import type { Evidence } from '../model/evidence.ts';
import type { FiltersEvidence } from '../model/filters.ts';
import { filteredAttempts } from '../model/filters-view.ts';
import { isOwnAddress } from '../model/view.ts';
import { now } from '../system/clock.ts';
import { runTool, windowsTool } from '../system/processes/run-tool.ts';
import { type Dialled, readDarwin, readWindows } from '../system/packet-filters/index.ts';
import { sourceTowards } from '../system/source-address.ts';
import type { ProbeContext } from './context.ts';

/** What the packet filters of macOS or Windows do with the connections that failed, by their rules alone: neither counts packets for us. */
export async function probeForeignFilters({ signal }: ProbeContext, evidence: Evidence): Promise<FiltersEvidence> {
  const started = now();
  const { platform, userId } = evidence.host;
  const attempts = filteredAttempts(evidence);
  const dialled = await Promise.all(
    attempts.map(async ({ address, family, port }): Promise<Dialled> => {
      const isLocal = isOwnAddress(evidence, address);
      const source = isLocal ? null : await sourceTowards({ address, family });
      return { address, family, port, isLocal, device: source?.device ?? null };
    }),
  );
  const dialler = { program: process.execPath, userId };
  const reading =
    platform === 'win32'
      ? await readWindows(dialled, dialler, (name, args) => runTool(windowsTool(name), args, signal))
      : await readDarwin(dialled, dialler, (file, args) => runTool(file, args, signal));
  return { ...reading, attempts, ms: now() - started };
}

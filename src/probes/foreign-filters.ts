import type { Evidence } from '../model/evidence.ts';
import type { FiltersEvidence } from '../model/filters.ts';
import { filteredAttempts } from '../model/filters-view.ts';
import { isOwnAddress } from '../model/view.ts';
import { now } from '../system/clock.ts';
import { runTool, type ToolResult, windowsTool } from '../system/processes/run-tool.ts';
import { type Dialled, readDarwin, readWindows } from '../system/packet-filters/index.ts';
import { sourceTowards } from '../system/source-address.ts';
import type { ProbeContext } from './context.ts';

/** Runs one of the system's own tools: by its path on macOS, by its name below System32 on Windows. */
export type RunFilterTool = (name: string, args: readonly string[], signal: AbortSignal) => Promise<ToolResult>;

/** What the packet filters of macOS or Windows do with the connections that failed, by their rules alone: neither counts packets for us. */
export async function probeForeignFilters(
  { signal }: ProbeContext,
  evidence: Evidence,
  tool: RunFilterTool = evidence.host.platform === 'win32' ? runWindowsTool : runTool,
): Promise<FiltersEvidence> {
  const started = now();
  const attempts = filteredAttempts(evidence);
  const dialled = await Promise.all(
    attempts.map(async ({ address, family, port, outcome }): Promise<Dialled> => {
      const isLocal = isOwnAddress(evidence, address);
      const source = isLocal ? null : await sourceTowards({ address, family });
      return { address, family, port, isLocal, isSilent: outcome === 'timed-out', device: source?.device ?? null };
    }),
  );
  const dialler = { program: process.execPath, userId: evidence.host.userId };
  const read = evidence.host.platform === 'win32' ? readWindows : readDarwin;
  const reading = await read(dialled, dialler, (name, args) => tool(name, args, signal));
  return { ...reading, attempts: attempts.map((one) => ({ ...one, localPort: null, heard: false })), ms: now() - started };
}

function runWindowsTool(name: string, args: readonly string[], signal: AbortSignal): Promise<ToolResult> {
  return runTool(windowsTool(name), args, signal);
}

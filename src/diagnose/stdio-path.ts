import type { ToolsFacts } from '../model/evidence.ts';
import type { PathStep } from '../model/report.ts';
import type { StdioEvidence } from '../model/stdio.ts';
import { endedEarly, exitWords, isStdioLate, lastStdioExchange, timeWords } from '../model/stdio-view.ts';
import { round } from './path.ts';

const SKIPPED = { status: 'skipped', ms: null, detail: '' } as const;

/** The way to a stdio server: its process, the handshake, the tools; up to the first that failed. Pure. */
export function stdioPathOf(evidence: StdioEvidence): readonly PathStep[] {
  const process = processStep(evidence);
  if (process.status !== 'ok') return [process, { layer: 'mcp', ...SKIPPED }, { layer: 'tools', ...SKIPPED }];
  const mcp = mcpStep(evidence);
  return [process, mcp, mcp.status === 'ok' ? toolsStep(evidence) : { layer: 'tools', ...SKIPPED }];
}

function processStep(evidence: StdioEvidence): PathStep {
  const { spawn, workingDirectory } = evidence;
  if (spawn === undefined) return { layer: 'process', ...SKIPPED };
  if (endedEarly(evidence)) {
    const after = spawn.exit === null ? '' : ` after ${timeWords(spawn.exit.atMs)}`;
    const folder = workingDirectory !== undefined && workingDirectory.state !== 'ok' ? `no folder ${workingDirectory.path}; ` : '';
    const words = spawn.startError === null ? `ended with ${exitWords(spawn)}${after}` : `could not be started (${spawn.startError})`;
    return { layer: 'process', status: 'failed', ms: round(spawn.exit?.atMs ?? spawn.ms), detail: `${folder}${words}` };
  }
  const { firstOutputMs, foreign } = spawn;
  const noise = foreign.count === 0 ? '' : `, ${foreign.count === 1 ? 'one line' : `${foreign.count} lines`} of other output`;
  return { layer: 'process', status: 'ok', ms: firstOutputMs === null ? null : round(firstOutputMs), detail: `started${noise}` };
}

function mcpStep(evidence: StdioEvidence): PathStep {
  const { handshake, target } = evidence;
  const last = lastStdioExchange(evidence);
  if (handshake === undefined || last === undefined) return { layer: 'mcp', ...SKIPPED };
  const { result, readyMs } = handshake;
  if (result.kind === 'failed') return { layer: 'mcp', status: 'failed', ms: round(last.ms), detail: outcomeWords(evidence) };
  const { name, version, protocol } = result.server;
  const who = `${[name ?? 'unnamed server', version].filter(Boolean).join(' ')}, revision ${protocol}`;
  const late = isStdioLate(evidence);
  return {
    layer: 'mcp',
    status: late ? 'failed' : 'ok',
    ms: readyMs === null ? null : round(readyMs),
    detail: late ? `${who}, later than the client's limit of ${timeWords(target.limitMs)}` : who,
  };
}

function toolsStep(evidence: StdioEvidence): PathStep {
  const { handshake } = evidence;
  if (handshake?.result.kind === 'ready') {
    const { tools } = handshake.result;
    const ms = handshake.exchanges.filter(({ request }) => request === 'tools/list').reduce((sum, one) => sum + one.ms, 0);
    return {
      layer: 'tools',
      status: 'ok',
      ms: tools === null ? null : round(ms),
      detail: toolWords(tools),
    };
  }
  return { layer: 'tools', status: 'failed', ms: round(lastStdioExchange(evidence)?.ms ?? 0), detail: outcomeWords(evidence) };
}

function toolWords(tools: ToolsFacts | null): string {
  if (tools === null) return 'not offered';
  return tools.count === 1 ? '1 tool' : `${tools.count} tools`;
}

function outcomeWords(evidence: StdioEvidence): string {
  const last = lastStdioExchange(evidence);
  if (last === undefined) return '';
  const { outcome, request } = last;
  switch (outcome.kind) {
    case 'result':
      return `no known revision: ${evidence.handshake?.unknownVersion ?? evidence.handshake?.offeredVersions.join(', ') ?? ''}`;
    case 'error':
      return `error ${outcome.error.code}: ${outcome.error.message}`;
    case 'malformed':
      return `the answer to ${request} is not what MCP prescribes`;
    case 'ended':
      return 'ended before it answered';
    case 'timed-out':
      return `no answer to ${request} within ${timeWords(last.ms)}`;
    case 'flooded':
      return 'endless output, and no message in it';
    case 'cancelled':
      return 'no answer yet when the outcome was clear';
  }
}

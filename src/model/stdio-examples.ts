/** Short forms for stdio evidence in a cause's examples. */
import type { HostEvidence, ServerFacts } from './evidence.ts';
import { EXAMPLE_HOST, EXAMPLE_SERVER } from './examples.ts';
import type {
  ExecutableEvidence,
  Resolution,
  SpawnEvidence,
  StdioClientFacts,
  StdioEvidence,
  StdioExchange,
  StdioHandshake,
  StdioTarget,
} from './stdio.ts';

export const GUI_CLIENT: StdioClientFacts = { id: 'claude-desktop', startupLimitMs: 60_000, gui: true, needsCmdWrapper: false };

/** A target from its command line; everything else as for a bare one. */
export function stdioTarget(line = 'npx -y some-server', more: Partial<StdioTarget> = {}): StdioTarget {
  const [command = '', ...args] = line.split(' ');
  return { display: line, command, args, name: null, client: null, limitMs: 10_000, cwd: '/home/dev/app', variables: [], ...more };
}

export function found(path = '/usr/bin/npx', more: Partial<Extract<Resolution, { kind: 'found' }>> = {}): Resolution {
  return { kind: 'found', path, links: [], shim: null, shebang: null, ...more };
}

export function executable(resolution: Resolution = found(), more: Partial<ExecutableEvidence> = {}): ExecutableEvidence {
  return { resolution, elsewhere: [], shell: null, searchPath: ['/usr/bin', '/bin'], ownPath: false, similar: null, ...more };
}

/** A server that lives and has said nothing out of place. */
export function running(more: Partial<SpawnEvidence> = {}): SpawnEvidence {
  return {
    startError: null,
    exit: null,
    early: null,
    detail: null,
    foreign: { count: 0, lines: [] },
    stderr: [],
    firstOutputMs: 80,
    firstMessageMs: 80,
    ms: 120,
    ...more,
  };
}

/** A server that kept silent. */
export function silent(more: Partial<SpawnEvidence> = {}): SpawnEvidence {
  return running({ firstOutputMs: null, firstMessageMs: null, ms: 30_000, ...more });
}

/** A server that ended by itself with this last word. */
export function ended(early: SpawnEvidence['early'], detail: string | null, code = 1, more: Partial<SpawnEvidence> = {}): SpawnEvidence {
  return silent({ exit: { code, signal: null, atMs: 90 }, early, detail, stderr: detail === null ? [] : [detail], ms: 90, ...more });
}

/** A command that could not be started at all. */
export function notStarted(startError: string): SpawnEvidence {
  return silent({ startError, early: startError === 'ENOENT' ? 'command-not-found' : 'permission-denied', detail: startError, ms: 3 });
}

function handshake(result: StdioHandshake['result'], exchanges: readonly StdioExchange[], more: Partial<StdioHandshake>): StdioHandshake {
  return { result, exchanges, offeredVersions: [], unknownVersion: null, readyMs: result.kind === 'failed' ? null : 80, ms: 120, ...more };
}

export function said(outcome: StdioExchange['outcome'], request: StdioExchange['request'] = 'initialize'): StdioExchange {
  return { request, outcome, ms: 40 };
}

/** A handshake that succeeded, tools included. */
export function stdioReady(more: Partial<StdioHandshake> = {}, server: ServerFacts = EXAMPLE_SERVER): StdioHandshake {
  const exchanges = [said({ kind: 'result' }), said({ kind: 'result' }, 'tools/list')];
  return handshake({ kind: 'ready', server, tools: { count: 2, names: ['echo', 'add'] } }, exchanges, more);
}

/** A handshake whose first request ended like this. */
export function stdioFailed(outcome: StdioExchange['outcome'], more: Partial<StdioHandshake> = {}): StdioHandshake {
  return handshake({ kind: 'failed' }, [said(outcome)], more);
}

/** A good handshake whose `tools/list` ended like this. */
export function stdioToolsFailed(outcome: StdioExchange['outcome'], more: Partial<StdioHandshake> = {}): StdioHandshake {
  return handshake({ kind: 'tools-failed', server: EXAMPLE_SERVER }, [said({ kind: 'result' }), said(outcome, 'tools/list')], more);
}

/** Evidence about a stdio target on an ordinary Linux machine, its command found and its folder there. */
export function stdioEvidence(
  target: StdioTarget = stdioTarget(),
  facets: Omit<StdioEvidence, 'target' | 'host'> = {},
  host: Partial<HostEvidence> = {},
): StdioEvidence {
  return {
    target,
    host: { ...EXAMPLE_HOST, ...host },
    executable: executable(),
    workingDirectory: { path: target.cwd, state: 'ok', nearest: target.cwd },
    ...facets,
  };
}

/** A target that works. */
export const STDIO_WORKS = { spawn: running(), handshake: stdioReady() } as const satisfies Omit<StdioEvidence, 'target' | 'host'>;

/** A target that never answers. */
export const STDIO_SILENT = { spawn: silent(), handshake: stdioFailed({ kind: 'timed-out' }) } as const satisfies Omit<
  StdioEvidence,
  'target' | 'host'
>;

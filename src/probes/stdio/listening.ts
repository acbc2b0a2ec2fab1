/** Looks for an MCP server over HTTP where a stdio server was meant: at the sockets of the started processes. */
import { busyness } from '../../system/busyness.ts';
import { NEIGHBOUR_MS } from '../../facts/budgets.ts';
import type { ListeningSocket } from '../../model/evidence.ts';
import type { ListeningEvidence } from '../../model/stdio.ts';
import { socketReader, toSocket } from '../../system/sockets/index.ts';
import { attemptHandshake } from '../handshake.ts';
import { dialled } from '../start-sockets.ts';
import { readBanner } from './said.ts';

/** The usual paths that are worth a request each; a server of one's own answers them within milliseconds. */
const PATHS = ['/mcp', '/sse', '/'];

/** Sockets on which the given processes listen; empty where the system does not tell. */
export async function socketsOf(pids: readonly number[], signal: AbortSignal): Promise<readonly ListeningSocket[]> {
  if (pids.length === 0) return [];
  const reader = socketReader();
  const listeners = await reader.listeningSockets(signal);
  if (listeners.kind !== 'measured') return [];
  return (await reader.heldBy(pids, listeners.value, signal)).map(toSocket);
}

export interface Output {
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
}

/** What listens, what it says about itself, and whether it is an MCP server; null when nothing points that way. */
export async function readListening(
  sockets: readonly ListeningSocket[],
  output: Output,
  signal: AbortSignal,
): Promise<ListeningEvidence | null> {
  const onStdout = readBanner(output.stdout);
  const onStderr = onStdout === null ? readBanner(output.stderr) : null;
  const said = onStdout ?? onStderr;
  if (said === null && sockets.length === 0) return null;
  const unique = [...new Map(sockets.map((one) => [`${one.address} ${one.port}`, one])).values()];
  const endpoint = await findEndpoint(unique, said?.url ?? null, signal);
  const first = unique[0];
  return {
    sockets: unique,
    banner: said === null ? null : { line: said.line, stream: onStdout === null ? 'stderr' : 'stdout' },
    url: said?.url ?? (first === undefined ? null : urlOf(first, '')),
    endpoint,
  };
}

async function findEndpoint(
  sockets: readonly ListeningSocket[],
  said: string | null,
  signal: AbortSignal,
): Promise<ListeningEvidence['endpoint']> {
  for (const socket of sockets.slice(0, 3)) {
    for (const path of pathsFor(socket, said)) {
      const url = new URL(urlOf(socket, path));
      const address = dialled(socket);
      const { result, transport } = await attemptHandshake({
        url,
        headers: {},
        route: { kind: 'direct', address: address.address },
        shownRoute: { kind: 'direct', ...address },
        transport: null,
        answerMs: NEIGHBOUR_MS * 2 * busyness(),
        tools: false,
        signal,
      });
      if (result.kind === 'ready' || result.kind === 'tools-failed') return { url: url.href, transport, server: result.server };
    }
  }
  return null;
}

/** The path that the server printed comes first, if it is this port's. */
function pathsFor(socket: ListeningSocket, said: string | null): readonly string[] {
  const url = said !== null && URL.canParse(said) ? new URL(said) : null;
  const own = url !== null && Number(url.port) === socket.port && url.pathname !== '/' ? [url.pathname] : [];
  return [...new Set([...own, ...PATHS])];
}

function urlOf(socket: ListeningSocket, path: string): string {
  const { address } = dialled(socket);
  const host = address === '127.0.0.1' || address === '::1' ? 'localhost' : address.includes(':') ? `[${address}]` : address;
  return `http://${host}:${socket.port}${path}`;
}

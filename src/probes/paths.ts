import { busyness } from '../system/busyness.ts';
import { SAME_SERVER_MS } from '../facts/budgets.ts';
import { USUAL_PATHS } from '../facts/ports.ts';
import type { Evidence, Handshake, PathsEvidence } from '../model/evidence.ts';
import { isReady, lastExchange, openAttempts } from '../model/view.ts';
import { openChannel } from '../system/http.ts';
import { recogniseProduct } from '../wire/product.ts';
import type { ProbeContext } from './context.ts';
import { handshakeAgain } from './route.ts';
import { trustedRoots } from './trust.ts';

/** The start page of a development server is small; more is not looked at. */
const LARGEST_PAGE = 64 * 1024;

/** Other usual paths of the same origin, and what a browser would get from `/`. */
export async function probePaths(context: ProbeContext, evidence: Evidence): Promise<PathsEvidence> {
  const candidates = candidatePaths(evidence.target.path);
  const [answers, home] = await Promise.all([
    Promise.all(candidates.map((path) => attemptPath(context, evidence, path))),
    readHome(context, evidence),
  ]);
  const tried = candidates.map((path, index) => ({
    path,
    meaning: lastExchange(answers[index] ?? undefined)?.meaning ?? ('no-answer' as const),
  }));
  const { transport } = evidence.target;
  const good = answers.flatMap((handshake, index) => (isReady(handshake) ? [{ handshake, index }] : []));
  const at = (good.find(({ handshake }) => handshake.transport === transport) ?? good[0])?.index ?? -1;
  const handshake = answers[at];
  return { tried, found: handshake ? { path: candidates[at]!, handshake } : null, home };
}

/** The usual paths, and the configured one with its last part changed; without the configured one itself. */
export function candidatePaths(path: string): readonly string[] {
  const parent = path.replace(/\/[^/]*\/?$/, '');
  const beside = parent === '' ? [] : [`${parent}/mcp`, parent];
  const slash = path.endsWith('/') ? path.slice(0, -1) : `${path}/`;
  return [...new Set([slash, ...USUAL_PATHS, ...beside])].filter((one) => one !== path && one !== '');
}

/** The same URL at another path; its query stays. */
export function pathChanged(from: URL, path: string): URL {
  const url = new URL(path, from);
  url.search = from.search;
  return url;
}

async function attemptPath(context: ProbeContext, evidence: Evidence, path: string): Promise<Handshake | null> {
  const url = pathChanged(context.request.url, path);
  return (await handshakeAgain(context, evidence, { url, limitMs: SAME_SERVER_MS * busyness(), tools: false, transport: null })) ?? null;
}

async function readHome(context: ProbeContext, evidence: Evidence): Promise<PathsEvidence['home']> {
  const open = openAttempts(evidence)[0];
  if (open === undefined) return null;
  const { url } = context.request;
  const ca = url.protocol === 'https:' ? (await trustedRoots(context)).roots : undefined;
  const channel = openChannel({ origin: url, route: { kind: 'direct', address: open.address }, ca });
  try {
    const headers = { accept: 'text/html' };
    const response = await channel.send({
      method: 'GET',
      path: '/',
      headers,
      body: null,
      timeoutMs: SAME_SERVER_MS * busyness(),
      signal: context.signal,
    });
    if (response.kind === 'failure') return null;
    const chunks: Buffer[] = [];
    let bytes = 0;
    await response.read((chunk) => {
      chunks.push(chunk);
      bytes += chunk.length;
      return bytes > LARGEST_PAGE ? 'enough' : 'more';
    });
    return recogniseProduct(response.status, response.headers, Buffer.concat(chunks).toString('utf8'));
  } finally {
    channel.close();
  }
}

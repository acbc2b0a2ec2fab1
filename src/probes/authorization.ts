import type { Handshake } from '../model/evidence.ts';
import { SESSION_END_MS } from '../facts/budgets.ts';
import { readChallenge } from '../wire/headers.ts';
import { isRecord, parseJson } from '../wire/json-rpc.ts';
import type { FullExchange } from './exchange.ts';
import type { HandshakeRun } from './handshake-run.ts';

/** Protected resource metadata is a small document; RFC 9728 sets no limit, we do. */
const LARGEST_METADATA = 64 * 1024;

/**
 * Who guards the endpoint: the challenge of the 401, and the protected resource metadata (RFC 9728) if it lies on
 * the same origin; no other origin is contacted.
 */
export async function readAuthorization(run: HandshakeRun, refused: FullExchange): Promise<Handshake['authorization']> {
  const challenge = readChallenge(refused.shown.answer?.headers['www-authenticate']);
  const scopes = challenge?.parameters['scope']?.split(/\s+/).filter(Boolean) ?? [];
  const named = challenge?.parameters['resource_metadata'];
  const path = run.url.pathname === '/' ? '' : run.url.pathname;
  const candidates = [named, `/.well-known/oauth-protected-resource${path}`, '/.well-known/oauth-protected-resource'];
  const tried = new Set<string>();
  for (const candidate of candidates) {
    if (candidate === undefined || !URL.canParse(candidate, run.url.href)) continue;
    const url = new URL(candidate, run.url.href);
    if (url.origin !== run.url.origin || tried.has(url.href)) continue;
    tried.add(url.href);
    const metadata = await getJson(run, url);
    if (!isRecord(metadata)) continue;
    return {
      scheme: challenge?.scheme ?? null,
      issuers: strings(metadata['authorization_servers']),
      scopes: scopes.length > 0 ? scopes : strings(metadata['scopes_supported']),
    };
  }
  return { scheme: challenge?.scheme ?? null, issuers: [], scopes };
}

async function getJson(run: HandshakeRun, url: URL): Promise<unknown> {
  const response = await run.channel.send({
    method: 'GET',
    path: `${url.pathname}${url.search}`,
    headers: { accept: 'application/json' },
    body: null,
    timeoutMs: SESSION_END_MS,
    signal: run.options.signal,
  });
  if (response.kind === 'failure') return undefined;
  const chunks: Buffer[] = [];
  let bytes = 0;
  await response.read((chunk) => {
    chunks.push(chunk);
    bytes += chunk.length;
    return bytes > LARGEST_METADATA ? 'enough' : 'more';
  });
  return response.status === 200 ? parseJson(Buffer.concat(chunks).toString('utf8')) : undefined;
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string').map((one) => one.slice(0, 200)) : [];
}

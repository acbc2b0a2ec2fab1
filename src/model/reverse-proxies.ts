import type { Evidence, Exchange, HttpAnswer } from './evidence.ts';

/** Names by which reverse proxies and load balancers sign the answers they make or pass on (`Server` header). */
const SIGNATURES: readonly (readonly [RegExp, string])[] = [
  [/^openresty/i, 'openresty'],
  [/^nginx/i, 'nginx'],
  [/^envoy|istio-envoy/i, 'envoy'],
  [/^haproxy/i, 'HAProxy'],
  [/^traefik/i, 'traefik'],
  [/^caddy/i, 'Caddy'],
  [/^cloudflare/i, 'Cloudflare'],
  [/^awselb/i, 'AWS load balancer'],
  [/^cloudfront/i, 'CloudFront'],
  [/^(?:Google Frontend|GFE)/i, 'Google load balancer'],
  [/^apache(?!-coyote)/i, 'Apache'],
];

/** The reverse proxy that an answer's headers name, null when they name none. A `Via` header is one by itself (RFC 9110, section 7.6.3). */
export function reverseProxyOf(headers: Readonly<Record<string, string>>): string | null {
  const server = headers['server'] ?? '';
  const known = SIGNATURES.find(([pattern]) => pattern.test(server));
  if (known !== undefined) return known[1];
  const via = headers['via'];
  return via === undefined ? null : `a proxy (Via: ${via.slice(0, 60)})`;
}

/** How proxies without a signature word their own 503; they have no other mark. */
const OWN_WORDS = /no available server|no server is available|upstream connect error|no healthy upstream/i;

/**
 * Whether an error is one that a proxy in front reports about the server behind it (RFC 9110, sections 15.6.3 to 15.6.5).
 * 503 may be anybody's: it is the proxy's only when a proxy signed it. JSON-RPC comes from the server itself.
 */
export function blamesUpstream({ status, headers, rpc, body }: HttpAnswer): boolean {
  if (rpc !== null) return false;
  if (status === 502 || status === 504) return true;
  return status === 503 && (reverseProxyOf(headers) !== null || OWN_WORDS.test(body.excerpt));
}

/** Whether the forward proxy on the client's way made this answer itself. */
export function madeByForwardProxy({ proxied }: Evidence, { answer, meaning }: Exchange): boolean {
  return proxied !== undefined && answer !== null && (meaning === 'proxy-auth' || answer.headers['x-squid-error'] !== undefined);
}

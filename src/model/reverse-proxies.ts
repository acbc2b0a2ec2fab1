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

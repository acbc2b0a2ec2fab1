import { DNS_LOOKUP_MS } from '../../facts/budgets.ts';
import type { LinkFailure } from '../../bridge/links/link.ts';
import { isIPv4Literal, isIPv6Literal } from '../../system/addresses.ts';
import { lookupAll } from '../../system/dns.ts';
import { bareHost, type ChannelRoute } from '../../system/http.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The ways to an address, in the order in which they are tried: through the proxy that the variables name, else each address of its name. */
export async function routesTo(url: URL, environment: Environment, signal: AbortSignal): Promise<readonly ChannelRoute[] | LinkFailure> {
  const proxy = await proxyFor(url, environment);
  const host = bareHost(proxy ?? url);
  const addresses = isIPv4Literal(host) || isIPv6Literal(host) ? [host] : await resolve(host, signal);
  if (!Array.isArray(addresses)) return addresses as LinkFailure;
  const routes = addresses as readonly string[];
  return routes.map((address) => (proxy === null ? { kind: 'direct', address } : { kind: 'proxy', url: proxy, address, tunnel: false }));
}

/** What Node clients that read proxy variables would use; the rules are loaded only where such a variable is set. */
async function proxyFor(url: URL, environment: Environment): Promise<URL | null> {
  if (!Object.entries(environment).some(([name, value]) => (value ?? '') !== '' && /_proxy$/i.test(name))) return null;
  const [{ findProxy }, { endpointUrl }] = await Promise.all([
    import('../../probes/proxy-rules.ts'),
    import('../../probes/proxy-rules/endpoint.ts'),
  ]);
  const endpoint = findProxy('undici', url, environment);
  return endpoint === null ? null : endpointUrl(endpoint);
}

async function resolve(host: string, signal: AbortSignal): Promise<readonly string[] | LinkFailure> {
  const { addresses, error } = await lookupAll(host, DNS_LOOKUP_MS, signal);
  if (error === null && addresses.length > 0) return addresses.map(({ address }) => address);
  return {
    kind: 'unreachable',
    code: error ?? 'ENOTFOUND',
    status: null,
    detail: `the name ${host} does not resolve (${error ?? 'ENOTFOUND'})`,
    retryAfterMs: null,
    lastLines: [],
  };
}

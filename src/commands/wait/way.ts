import type { ParsedTarget } from '../../diagnose/target.ts';
import type { Address, Route } from '../../model/evidence.ts';
import { maskUrl } from '../../model/redact.ts';
import { bareHost, type ChannelRoute, portOf } from '../../system/http.ts';
import { createDialer, type Dialer } from './dial.ts';

/** The way to a server that its client would take: directly, or through a proxy. */
export interface Way {
  /** Dials the server, or the proxy. */
  readonly dialer: Dialer;
  route(address: Address): { readonly route: ChannelRoute; readonly shownRoute: Route };
}

/** The way to the target. The rules of proxies are loaded only where a variable names one. */
export async function wayTo({ target, url, environment }: ParsedTarget): Promise<Way> {
  const variables = environment ?? process.env;
  if (Object.entries(variables).some(([name, value]) => value !== undefined && value !== '' && /_proxy$/i.test(name))) {
    const { chooseProxies, effectiveChoice, findProxy } = await import('../../probes/proxy-rules.ts');
    const { endpointUrl } = await import('../../probes/proxy-rules/endpoint.ts');
    const choice = effectiveChoice(chooseProxies(url, variables));
    const endpoint = findProxy(choice.reader, url, variables);
    // SOCKS is not spoken; the direct way stands for it.
    if (endpoint !== null && endpoint.scheme.startsWith('http')) return throughProxy(endpointUrl(endpoint), choice.tunnel === true);
  }
  return {
    dialer: createDialer(target.host, target.port),
    route: ({ address, family }) => ({ route: { kind: 'direct', address }, shownRoute: { kind: 'direct', address, family } }),
  };
}

function throughProxy(proxy: URL, tunnel: boolean): Way {
  return {
    dialer: createDialer(bareHost(proxy), portOf(proxy)),
    route: ({ address }) => ({
      route: { kind: 'proxy', url: proxy, address, tunnel },
      shownRoute: { kind: 'proxy', proxy: maskUrl(proxy) },
    }),
  };
}

import { DNS_LOOKUP_MS, TCP_CONNECT_MS } from '../facts/budgets.ts';
import type { Address, Evidence, HostEvidence, ProxyEvidence } from '../model/evidence.ts';
import { isIPv4Literal, isIPv6Literal } from '../system/addresses.ts';
import { lookupAll } from '../system/dns.ts';
import { connectOnce } from '../system/tcp.ts';
import type { ProbeContext } from './context.ts';
import { endpointUrl, type ProxyEndpoint } from './proxy-rules/endpoint.ts';
import { chooseProxies, effectiveChoice, findProxy, proxySecrets } from './proxy-rules.ts';

/** Which proxy each kind of program would use, and whether the client's own answers. Without a proxy nothing is asked of the network. */
export async function probeProxy(context: ProbeContext, { host: machine }: Evidence): Promise<ProxyEvidence> {
  const { url, environment } = context.request;
  const none = () => Promise.resolve({ choices: chooseProxies(url, environment, machine), reach: null });
  if (!namesProxy(environment)) {
    // The same for every target of the run, so it is worked out once.
    const { choices, reach } = await context.shared.once('no proxy', none);
    return { choices, effective: effectiveChoice(choices), reach };
  }
  for (const secret of proxySecrets(environment)) context.redact.add(secret);
  const choices = chooseProxies(url, environment, machine);
  const effective = effectiveChoice(choices);
  const endpoint = clientProxy(context, machine);
  return { choices, effective, reach: endpoint === null ? null : await reachOf(endpoint, context) };
}

/** Whether any variable could name a proxy; without one every reader dials every target directly. */
function namesProxy(environment: ProbeContext['request']['environment']): boolean {
  return Object.entries(environment).some(([name, value]) => value !== undefined && value !== '' && /_proxy$/i.test(name));
}

/** The proxy that counts as the client's, with its credentials: to connect with, never to show. Null when there is none. */
export function proxyUrl(context: ProbeContext, { host: machine }: Evidence): URL | null {
  const endpoint = clientProxy(context, machine);
  return endpoint === null ? null : endpointUrl(endpoint);
}

function clientProxy({ request: { url, environment } }: ProbeContext, machine: HostEvidence): ProxyEndpoint | null {
  return findProxy(effectiveChoice(chooseProxies(url, environment, machine)).reader, url, environment, machine);
}

/** Many targets share one proxy, so it is tried once. */
function reachOf({ host, port }: ProxyEndpoint, { shared, signal }: ProbeContext): Promise<NonNullable<ProxyEvidence['reach']>> {
  return shared.once(`proxy ${host} ${port}`, async () => {
    const { addresses, error } = await resolve(host, signal);
    const attempts = await Promise.all(
      addresses.map((address) => connectOnce({ ...address, port }, { timeoutMs: TCP_CONNECT_MS, signal })),
    );
    return { error, attempts };
  });
}

async function resolve(host: string, signal: AbortSignal): Promise<{ addresses: readonly Address[]; error: string | null }> {
  if (isIPv4Literal(host)) return { addresses: [{ address: host, family: 4 }], error: null };
  if (isIPv6Literal(host)) return { addresses: [{ address: host, family: 6 }], error: null };
  return lookupAll(host, DNS_LOOKUP_MS, signal);
}

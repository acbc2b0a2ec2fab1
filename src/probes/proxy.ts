import { DNS_LOOKUP_MS, TCP_CONNECT_MS } from '../facts/budgets.ts';
import type { Address, Evidence, HostEvidence } from '../model/evidence.ts';
import type { ProxyChoice, ProxyEvidence } from '../model/proxy.ts';
import { isIPv4Literal, isIPv6Literal } from '../system/addresses.ts';
import { lookupAll } from '../system/dns.ts';
import { connectOnce } from '../system/tcp.ts';
import type { ProbeContext } from './context.ts';
import { endpointUrl, type ProxyEndpoint, readEndpoint } from './proxy-rules/endpoint.ts';
import { chooseProxies, effectiveChoice, findProxy, proxySecrets } from './proxy-rules.ts';
import { probeSystemProxy } from './system-proxy.ts';

/** Which proxy each kind of program would use, and whether the client's own answers. Without a proxy nothing is asked of the network. */
export async function probeProxy(context: ProbeContext, evidence: Evidence): Promise<ProxyEvidence> {
  const { url, environment } = context.request;
  const { host: machine, target } = evidence;
  const none = () => Promise.resolve({ choices: chooseProxies(url, environment, machine), reach: null });
  const named = namesProxy(environment);
  if (named) for (const secret of proxySecrets(environment)) context.redact.add(secret);
  // Without variables the choices are the same for every target of the run, so they are worked out once.
  const choices = named ? chooseProxies(url, environment, machine) : (await context.shared.once('no proxy', none)).choices;
  const own = effectiveChoice(choices);
  // A variable comes first, as in VS Code, and so does an exception: only without either is the system asked.
  const asked = target.client?.followsSystemProxy === true && own.variable === null && !isExempt(url, environment, machine);
  const system = asked ? (await probeSystemProxy(context, evidence)).choice : null;
  const effective = system ?? own;
  const endpoint = endpointOf(context, machine, effective);
  return {
    choices: system === null ? choices : [...choices, system],
    effective,
    reach: endpoint === null ? null : await reachOf(endpoint, context),
  };
}

/** Whether any variable could name a proxy; without one every reader dials every target directly. */
function namesProxy(environment: ProbeContext['request']['environment']): boolean {
  return Object.entries(environment).some(([name, value]) => value !== undefined && value !== '' && /_proxy$/i.test(name));
}

/** Whether NO_PROXY exempts the address although no variable names a proxy: seen by naming one. */
function isExempt(url: URL, environment: ProbeContext['request']['environment'], machine: HostEvidence): boolean {
  const any = 'http://proxy.invalid:1';
  return effectiveChoice(chooseProxies(url, { ...environment, http_proxy: any, https_proxy: any }, machine)).proxy === null;
}

/** The proxy that counts as the client's, with its credentials: to connect with, never to show. Null when there is none. */
export function proxyUrl(context: ProbeContext, { host: machine, proxy }: Evidence): URL | null {
  const { request } = context;
  const choice = proxy?.effective ?? effectiveChoice(chooseProxies(request.url, request.environment, machine));
  const endpoint = endpointOf(context, machine, choice);
  return endpoint === null ? null : endpointUrl(endpoint);
}

function endpointOf(
  { request: { url, environment } }: ProbeContext,
  machine: HostEvidence,
  { reader, proxy, source }: ProxyChoice,
): ProxyEndpoint | null {
  // The system's settings hold no credentials, so what is shown is all there is.
  if (source !== undefined) return proxy === null ? null : readEndpoint(proxy, { http: 80, https: 443, socks4: 1080, socks5: 1080 });
  return reader === 'system' ? null : findProxy(reader, url, environment, machine);
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

import { DETOUR_MS } from '../facts/budgets.ts';
import type { Address } from '../model/evidence.ts';
import type { Detour, InterfaceFacts } from '../model/routes.ts';
import { isTunnel } from '../model/routes-view.ts';
import type { RouteReader } from '../system/routes/index.ts';
import { requestOverDevice } from '../system/routes/over-device.ts';
import { parseJson, readRpcResponse } from '../wire/json-rpc.ts';
import { discoverRequest } from '../wire/requests.ts';
import { createEventReader } from '../wire/sse.ts';
import type { ProbeContext } from './context.ts';
import { madeUpSession } from './exchange.ts';

/** Other ways out are few; a machine with dozens of interfaces has most of them for containers. */
const MOST_DETOURS = 3;

/** The same address over every other interface that has a route to it: whether it answers there. */
export async function probeDetours(
  context: ProbeContext,
  reader: RouteReader,
  address: Address,
  interfaces: readonly InterfaceFacts[],
  used: string | null,
): Promise<readonly Detour[]> {
  if (!reader.choosesDevice) return [];
  const others = interfaces
    .filter(({ name, kind, up, carrier }) => name !== used && kind !== 'loopback' && up && carrier !== false)
    .sort((a, b) => Number(isTunnel(a)) - Number(isTunnel(b)));
  const routed = await Promise.all(
    others.map(async ({ name, kind }) => {
      const route = await reader.lookup(address, context.signal, name);
      // Without an entry of its own the kernel would only guess that the address is on that link.
      const leads = route.kind === 'measured' && route.value.device === name && route.value.prefix !== null;
      return leads ? [{ device: name, kind, gateway: route.value.gateway }] : [];
    }),
  );
  const ways = routed.flat().slice(0, MOST_DETOURS);
  const tried = await Promise.all(ways.map((one) => tryDetour(context, address, one)));
  return tried.filter((one) => one !== null);
}

async function tryDetour(context: ProbeContext, { address }: Address, way: Omit<Detour, 'outcome'>): Promise<Detour | null> {
  const { headers, body, id } = discoverRequest(madeUpSession());
  const { url } = context.request;
  const request = { device: way.device, url, address, headers, body: body ?? '', timeoutMs: DETOUR_MS };
  const answer = await requestOverDevice(request, context.signal);
  if (answer === null) return null;
  if (!answer.connected) return { ...way, outcome: 'failed' };
  return { ...way, outcome: isMessage(answer.body, id ?? '') ? 'answered' : 'open' };
}

/** Whether a body is, or streams, a JSON-RPC response; servers of the older revisions answer with an error, which is one. */
function isMessage(body: string, id: string): boolean {
  const events = createEventReader().feed(Buffer.from(body));
  return [body, ...events.map(({ data }) => data.toString())].some((text) => readRpcResponse(parseJson(text), id) !== null);
}

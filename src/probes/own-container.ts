import { DNS_QUERY_MS, NEIGHBOUR_MS, SAME_SERVER_MS } from '../facts/budgets.ts';
import type { OwnContainer } from '../model/containers.ts';
import type { Address, Evidence } from '../model/evidence.ts';
import { readGateway } from '../system/containers/gateway.ts';
import { lookupAll } from '../system/dns.ts';
import { connectOnce } from '../system/tcp.ts';
import { handshakeAt } from './attempt.ts';
import type { ProbeContext } from './context.ts';

/** Names by which engines give a container the machine it runs on. */
const HOST_NAMES = ['host.docker.internal', 'host.containers.internal'];

/** From inside a container: the target's port at the machine that runs it, and at a container named like the target. */
export async function probeOwnContainer(context: ProbeContext, evidence: Evidence): Promise<OwnContainer> {
  // In a pod the way out leads to a machine that is not ours to ask.
  const gateway = evidence.host.container === 'kubernetes' ? null : readGateway();
  const { target } = evidence;
  const names = evidence.host.container === 'kubernetes' ? [] : HOST_NAMES;
  // Other containers of our network go by names without a dot, and by private addresses.
  const isSibling = target.name !== null && /^[\w-]+$/.test(target.name) && target.name !== target.host;
  const looked = await Promise.all(
    [...names.filter((name) => name !== target.host), ...(isSibling ? [target.name] : [])].map(async (name) => {
      const { addresses } = await lookupAll(name, DNS_QUERY_MS, context.signal);
      return addresses.filter(({ address }) => isPrivate(address)).map((address) => ({ name, address }));
    }),
  );
  const all = [...looked.flat(), ...(gateway === null ? [] : [{ name: 'the gateway', address: { address: gateway, family: 4 as const } }])];
  const places = all.filter(({ address }, index) => all.findIndex((one) => one.address.address === address.address) === index);
  const around = await Promise.all(places.map(({ name, address }) => ask(context, evidence, name, address)));
  return { gateway, around };
}

async function ask(context: ProbeContext, evidence: Evidence, name: string, address: Address): Promise<OwnContainer['around'][number]> {
  const limits = { timeoutMs: NEIGHBOUR_MS, signal: context.signal };
  const attempt = await connectOnce({ ...address, port: evidence.target.port }, limits);
  if (attempt.outcome !== 'open') return { name, attempt, handshake: null };
  // Nobody named this address: the configured headers stay at home.
  const options = { headers: {}, limitMs: Math.min(SAME_SERVER_MS, context.options.answerMs) };
  return { name, attempt, handshake: await handshakeAt(context, evidence, attempt, options) };
}

/** Addresses of private networks (RFC 1918, RFC 4193): all that containers and their hosts have. */
function isPrivate(address: string): boolean {
  return /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|f[cd])/.test(address);
}

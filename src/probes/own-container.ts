import { isPrivateAddress } from '../system/addresses.ts';
import { DNS_QUERY_MS, NEIGHBOUR_MS, SAME_SERVER_MS } from '../facts/budgets.ts';
import { POPULAR_PORTS } from '../facts/ports.ts';
import type { AskedAround, ContainerFacts, OwnContainer } from '../model/containers.ts';
import type { Address, Evidence } from '../model/evidence.ts';
import { addressesOf, isLocal, openAttempts } from '../model/view.ts';
import { readGateway } from '../system/containers/gateway.ts';
import { lookupAll } from '../system/dns.ts';
import { connectOnce } from '../system/tcp.ts';
import { handshakeAt } from './attempt.ts';
import type { ProbeContext } from './context.ts';

/** Names by which engines give a container the machine it runs on. */
const HOST_NAMES = ['host.docker.internal', 'host.containers.internal'];

/** Other containers that are asked: enough for a project, few enough to stay quick. */
const MOST_SIBLINGS = 16;

/** From inside a container: the target's port at the machine that runs it and at its neighbours, and other ports at the target's address. */
export async function probeOwnContainer(
  context: ProbeContext,
  evidence: Evidence,
  known: readonly ContainerFacts[],
): Promise<OwnContainer> {
  const { host, target } = evidence;
  const ours = known.find(({ networks }) => networks.some(({ addresses }) => addresses.some((one) => host.addresses.includes(one))));
  const networks = ours?.networks.map(({ name }) => name) ?? null;
  // In a pod the way out leads to a machine that is not ours to ask.
  const isPod = host.container === 'kubernetes';
  const gateway = isPod ? null : readGateway();
  const named = isPod ? [] : await lookUpNames(context, evidence);
  const siblings = known.filter(({ id }) => id !== ours?.id).flatMap((one) => siblingPlaces(one, networks ?? []));
  const all = [
    ...named,
    ...siblings.slice(0, MOST_SIBLINGS),
    ...(gateway === null ? [] : [{ name: 'the gateway', address: { address: gateway, family: 4 as const } }]),
  ];
  const tried = addressesOf(evidence).map(({ address }) => address);
  const places = all
    .filter(({ address }) => !tried.includes(address.address))
    .filter(({ address }, index, list) => list.findIndex((one) => one.address.address === address.address) === index);
  const [around, beside] = await Promise.all([
    Promise.all(places.map(({ name, address }) => ask(context, evidence, name, address, target.port))),
    isPod ? [] : askBeside(context, evidence, known),
  ]);
  return { gateway, networks, around, beside };
}

/** The machine's own names, and a container that is called like the target: by a name without a dot, at a private address. */
async function lookUpNames(context: ProbeContext, { target }: Evidence): Promise<readonly { name: string; address: Address }[]> {
  const isSibling = target.name !== null && /^[\w-]+$/.test(target.name);
  const names = [...HOST_NAMES, ...(isSibling ? [target.name] : [])].filter((name) => name !== target.host);
  const looked = await Promise.all(
    names.map(async (name) => {
      const { addresses } = await lookupAll(name, DNS_QUERY_MS, context.signal);
      return addresses.filter(({ address }) => isPrivateAddress(address)).map((address) => ({ name, address }));
    }),
  );
  return looked.flat();
}

/** Where a container is in the networks that we share with it, by the name it has there. */
function siblingPlaces({ name, compose, networks }: ContainerFacts, ours: readonly string[]) {
  return networks
    .filter((network) => ours.includes(network.name))
    .flatMap(({ addresses }) => addresses.map((address) => ({ name: compose?.service ?? name, address: toAddress(address) })));
}

/** The target's name leads to another container that refuses: its published number may have been taken for the inner one. */
async function askBeside(context: ProbeContext, evidence: Evidence, known: readonly ContainerFacts[]): Promise<readonly AskedAround[]> {
  const [first] = addressesOf(evidence);
  if (first === undefined || isLocal(evidence) || !isPrivateAddress(first.address) || openAttempts(evidence).length > 0) return [];
  const inner = known
    .filter(({ networks }) => networks.some(({ addresses }) => addresses.includes(first.address)))
    .flatMap(({ published }) => published.map(({ innerPort }) => innerPort));
  const ports = new Set([...inner, ...Object.keys(POPULAR_PORTS).map(Number)]);
  ports.delete(evidence.target.port);
  const asked = await Promise.all([...ports].map((port) => ask(context, evidence, evidence.target.host, first, port)));
  return asked.filter(({ attempt }) => attempt.outcome === 'open');
}

async function ask(context: ProbeContext, evidence: Evidence, name: string, address: Address, port: number): Promise<AskedAround> {
  const attempt = await connectOnce({ ...address, port }, { timeoutMs: NEIGHBOUR_MS, signal: context.signal });
  if (attempt.outcome !== 'open') return { name, attempt, handshake: null };
  const url = new URL(context.request.url);
  url.port = String(port);
  // Nobody named this address: the configured headers stay at home.
  const options = { url, headers: {}, limitMs: Math.min(SAME_SERVER_MS, context.options.answerMs) };
  return { name, attempt, handshake: await handshakeAt(context, evidence, attempt, options) };
}

function toAddress(address: string): Address {
  return { address, family: address.includes(':') ? 6 : 4 };
}

import type { Address, Measured } from '../../model/evidence.ts';
import type { DefaultRoute, InterfaceFacts, NeighbourState, RouteFacts, WireguardPeer } from '../../model/routes.ts';

/** What one operating system tells about its routes. Nothing here needs more rights than an ordinary user's. */
export interface RouteReader {
  /** Whether a program may send by an interface of its choice, whatever the routes say. */
  readonly choosesDevice: boolean;
  /** The way to an address; over one interface only when `device` is given. */
  lookup(address: Address, signal: AbortSignal, device?: string): Promise<Measured<RouteFacts>>;
  interfaces(signal: AbortSignal): Promise<Measured<readonly InterfaceFacts[]>>;
  defaults(signal: AbortSignal): Promise<Measured<readonly DefaultRoute[]>>;
  /** States of next hops by address; empty where the system does not tell. */
  neighbours(signal: AbortSignal): Promise<ReadonlyMap<string, NeighbourState>>;
  /** The peer that an interface of WireGuard's sends an address's packets to. */
  wireguardPeer(device: string, address: Address, signal: AbortSignal): Promise<Measured<WireguardPeer>>;
}

/** Facts about the way packets take from this machine: routes, interfaces and neighbours. */
import type { Address, Family, Measured } from './evidence.ts';

/** What kind of device an interface is, by what the system says; its name decides only where the system is silent. */
export type InterfaceKind =
  | 'loopback'
  | 'physical'
  /** Packets go to a program: most VPN clients. */
  | 'tun'
  /** The same with Ethernet frames. */
  | 'tap'
  | 'wireguard'
  | 'ppp'
  /** A tunnel made by the system itself: IPsec, GRE, IP in IP, 6in4. */
  | 'kernel-tunnel'
  | 'veth'
  | 'bridge'
  /** Anything else without hardware of its own: dummy, VLAN, bond, macvlan. */
  | 'virtual';

/** Packet counts of an interface since it came up. */
export interface Counters {
  readonly received: number;
  readonly sent: number;
  /** Packets that were to be sent and were dropped, or ended in an error. */
  readonly unsent: number;
}

export interface InterfaceFacts {
  readonly name: string;
  readonly kind: InterfaceKind;
  /** The product that an interface of this name belongs to, for example "Tailscale"; null when the name is nobody's. */
  readonly product: string | null;
  /** Switched on by whoever administers it. */
  readonly up: boolean;
  /** Whether something is on the other side: a cable, a radio link, the program behind a tunnel. Null where that is not told. */
  readonly carrier: boolean | null;
  readonly mtu: number | null;
  readonly counters: Counters | null;
}

/** What the system's own lookup says about one destination. */
export interface RouteFacts {
  /** `none`: no route at all. The three that refuse are routes or rules somebody wrote to refuse. */
  readonly kind: 'unicast' | 'local' | 'blackhole' | 'unreachable' | 'prohibit' | 'none';
  readonly device: string | null;
  /** Null when the destination is on the same link, or without a route. */
  readonly gateway: string | null;
  readonly source: string | null;
  /** The prefix of the entry that decided (`0.0.0.0/0` for a default route); null where that is not told. */
  readonly prefix: string | null;
  /** The routing table when it is not the main one, or the rule that refuses. */
  readonly table: string | null;
  readonly mtu: number | null;
}

/** State of the next hop in the neighbour table (ARP, NDP): `failed` and `incomplete` mean that nobody answers there. */
export type NeighbourState = 'reachable' | 'failed' | 'incomplete' | 'stale' | 'other';

export interface DefaultRoute {
  readonly family: Family;
  readonly device: string;
  readonly gateway: string | null;
  readonly metric: number | null;
  /** `0.0.0.0/1` and `128.0.0.0/1` together are a default route as well, the way VPN clients write it. */
  readonly prefix: string;
  /** Null for the main table; others apply only to what a rule sends to them. */
  readonly table: string | null;
}

/** What the interface counted while the target was dialled once more. */
export interface Traffic extends Counters {
  readonly ms: number;
}

/** The same address asked over another interface, by one request without a session and without any configured header. */
export interface Detour {
  readonly device: string;
  readonly kind: InterfaceKind;
  /** The gateway it went to; null on the same link. */
  readonly gateway: string | null;
  /** `answered`: an MCP message came back. `open`: the connection opened, and no MCP message came. */
  readonly outcome: 'answered' | 'open' | 'failed';
}

/** What WireGuard itself says about the peer that packets for an address go to. */
export type WireguardPeer =
  /** No peer's allowed addresses cover it: the packets go to nobody. */
  | { readonly kind: 'none' }
  | {
      readonly kind: 'peer';
      readonly endpoint: string | null;
      /** Since the last handshake; null when there never was one. */
      readonly heardSecondsAgo: number | null;
    };

/** How one address of the target, or one name server, is reached from here. */
export interface Way extends Address {
  readonly purpose: 'target' | 'name-server';
  readonly route: Measured<RouteFacts>;
  /** Of the gateway, or of the address itself when it is on the same link; null when the table has no entry. */
  readonly neighbour: NeighbourState | null;
  /** Null when it was not worth dialling again. */
  readonly traffic: Traffic | null;
  /** Empty as well where this system, or a missing curl, does not let an ordinary program choose the interface. */
  readonly detours: readonly Detour[];
  /** Null when the interface is not WireGuard's. */
  readonly peer: Measured<WireguardPeer> | null;
}

/** The same open port asked with first packets of several sizes: whether anything at all came back. */
export interface SizeTrial {
  readonly bytes: number;
  readonly answered: boolean;
  readonly ms: number;
}

/** How the target is reached from here; looked up only after it was not reached, or hung. */
export interface RoutesEvidence {
  readonly ways: readonly Way[];
  readonly interfaces: Measured<readonly InterfaceFacts[]>;
  readonly defaults: Measured<readonly DefaultRoute[]>;
  /** Empty unless the port opened and then stayed silent. */
  readonly sizes: readonly SizeTrial[];
  readonly ms: number;
}

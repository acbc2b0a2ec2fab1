/** What stands between Windows and the Linux inside it: who listens on the target's port on the other side, and by which address it is reached. */
import type { Address, Handshake, Measured, TcpAttempt } from './evidence.ts';

/** How Linux is connected: `shared` is WSL 1, which has no network of its own. */
export type WslNetworking = 'shared' | 'nat' | 'mirrored' | 'bridged' | 'virtioproxy' | 'none';

/** The settings of `.wslconfig` that decide how the sides reach each other; null where the file is silent. */
export interface WslSettings {
  /** Where the file is or would be, as Windows writes it. */
  readonly file: string;
  readonly exists: boolean;
  readonly networkingMode: string | null;
  readonly localhostForwarding: boolean | null;
  readonly hostAddressLoopback: boolean | null;
  /** Ports that Windows does not share with Linux in mirrored mode. */
  readonly ignoredPorts: readonly number[];
}

/** A listener on the other side. */
export interface WslListener extends Address {
  readonly port: number;
  /** Name of the program, null where that is not told. */
  readonly program: string | null;
  /** Its file as that side writes it, null where that is not told. */
  readonly file: string | null;
}

/** What Windows' firewall does with a connection that comes in from WSL. */
export interface WslFirewall {
  readonly verdict: 'blocks' | 'passes' | 'unknown';
  /** The rule that decides; null for the default of the profile. */
  readonly rule: { readonly id: string; readonly name: string; readonly isPolicy: boolean } | null;
  readonly profile: string;
}

/** One line of `netsh interface portproxy show all`: Windows listens and passes on. */
export interface PortProxy {
  readonly listenAddress: string;
  readonly listenPort: number;
  readonly connectAddress: string;
  readonly connectPort: number;
}

/** The target's port on the other side of WSL. */
export interface WslEvidence {
  /** The side that we, and so the client, run on. */
  readonly side: 'linux' | 'windows';
  /** The distribution that is, or was asked about, the Linux side; null when none runs. */
  readonly distribution: string | null;
  readonly networking: Measured<WslNetworking>;
  /** Programs on the other side that listen on the target's port; what only passes on to our side is left out. */
  readonly listeners: Measured<readonly WslListener[]>;
  readonly settings: Measured<WslSettings>;
  readonly portProxies: Measured<readonly PortProxy[]>;
  /** Addresses by which our side reaches the other one, best first; empty where there is none but localhost. */
  readonly doors: readonly Address[];
  /** Windows' name of the network adapter that leads to Linux; null where that is not told. */
  readonly adapter: string | null;
  /** The target's port dialled at each door. */
  readonly attempts: readonly TcpAttempt[];
  /** A handshake, without any configured header, where one of these opened. */
  readonly handshakes: readonly Handshake[];
  /** Only looked at when what listens in Windows stays silent to us. */
  readonly firewall: Measured<WslFirewall> | null;
  readonly ms: number;
}

/** What the container engines of this machine tell about a target's port and name. Facts only. */
import type { Address, Handshake, ListeningSocket, Measured, TcpAttempt } from './evidence.ts';

export type EngineKind = 'docker' | 'podman';

/** What came of asking one engine. */
export type EngineState =
  | {
      readonly kind: 'answers';
      readonly version: string;
      /** Set when the engine's containers run on another kernel (a virtual machine), so that this machine's /proc says nothing about them. */
      readonly machine: string | null;
    }
  /** Its socket is there and closed to this user. */
  | { readonly kind: 'no-permission'; readonly owner: string | null }
  /** It is named by a setting, or its socket is there, and nobody answers. */
  | { readonly kind: 'not-running'; readonly code: string }
  /** It is on another machine: its ports are not this machine's, and it is not asked. */
  | { readonly kind: 'remote' }
  /** It cannot be asked from here; `why` says what stands in the way. */
  | { readonly kind: 'not-asked'; readonly why: string }
  /** It answered in a way that no engine does. */
  | { readonly kind: 'broken'; readonly why: string };

/** One engine that a setting names, or whose socket is in its usual place. */
export interface EngineFacts {
  readonly kind: EngineKind;
  /** `unix:///var/run/docker.sock`, without credentials. */
  readonly endpoint: string;
  /** What named it: a variable, a Docker context, or its usual place. */
  readonly source: string;
  readonly state: EngineState;
}

/** One port of the engine's machine that leads to a port of a container. */
export interface PublishedPort extends Address {
  readonly hostPort: number;
  readonly innerPort: number;
}

/** Compose's own labels on a container. */
export interface ComposeFacts {
  readonly project: string;
  readonly service: string;
  /** The compose files, as Compose recorded them. */
  readonly files: readonly string[];
}

export interface ContainerNetwork {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly gateways: readonly string[];
  /** Names by which other containers of this network find it. */
  readonly aliases: readonly string[];
}

export type ContainerState = 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead' | 'other';

/** One container that has to do with the target: by its port, inside or published, or by its name. */
export interface ContainerFacts {
  readonly engine: EngineKind;
  /** The first twelve digits, as engines print it. */
  readonly id: string;
  readonly name: string;
  readonly image: string;
  readonly state: ContainerState;
  /** Of its last end; null when it never ended. */
  readonly exitCode: number | null;
  readonly outOfMemory: boolean;
  /** What the engine said when it could not start it; null otherwise. */
  readonly startError: string | null;
  readonly health: 'starting' | 'healthy' | 'unhealthy' | null;
  readonly restarts: number;
  /** How long it has been running, in milliseconds; null unless it runs. */
  readonly runningMs: number | null;
  /** How long ago it ended, in milliseconds; null while it runs or when it was never started. */
  readonly endedMsAgo: number | null;
  /** The ports as they are published, or would be when it runs. */
  readonly published: readonly PublishedPort[];
  /** Whether it shares this machine's network, so that nothing needs to be published. */
  readonly hostNetwork: boolean;
  readonly networks: readonly ContainerNetwork[];
  readonly compose: ComposeFacts | null;
  /** Names of its variables and flags that say loopback (`HOST`, `--host`); the values of others are nobody's business. */
  readonly loopbackSettings: readonly string[];
  /** Where something listens inside the container. */
  readonly listening: Measured<readonly ListeningSocket[]>;
  /** The last lines it wrote, secrets masked; empty unless they were asked for. */
  readonly log: readonly string[];
}

/** A container's own address, dialled from here. */
export interface InnerAttempt {
  readonly container: string;
  readonly attempt: TcpAttempt;
  /** A handshake there without the configured headers, where it was open. */
  readonly handshake: Handshake | null;
}

/** An address that was asked besides the target's, by the name it goes by. */
export interface AskedAround {
  readonly name: string;
  readonly attempt: TcpAttempt;
  /** Made without the configured headers, where it was open. */
  readonly handshake: Handshake | null;
}

/** What we see around us when we are in a container ourselves. */
export interface OwnContainer {
  /** The way out to the machine that runs this container. */
  readonly gateway: string | null;
  /** The networks we are in, as an engine names them; null when none could be asked. */
  readonly networks: readonly string[] | null;
  /** The target's port at the gateway and at other containers. */
  readonly around: readonly AskedAround[];
  /** Other usual ports at the target's own address, where that is another container. */
  readonly beside: readonly AskedAround[];
}

export interface ContainersEvidence {
  readonly engines: readonly EngineFacts[];
  /** Those that have to do with the target; not every container of the machine. */
  readonly containers: readonly ContainerFacts[];
  /** How many containers there are. */
  readonly total: number;
  /** Whether the published ports of these engines are ports of the machine we see. */
  readonly portsAreOurs: boolean;
  readonly inner: readonly InnerAttempt[];
  /** Null when we are in no container. */
  readonly own: OwnContainer | null;
  readonly ms: number;
}

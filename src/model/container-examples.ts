/** Short forms for what engines say, for the examples of causes and for tests. */
import type { ContainerFacts, ContainersEvidence, EngineFacts } from './containers.ts';
import { listener } from './examples.ts';

export const EXAMPLE_ENGINE: EngineFacts = {
  kind: 'docker',
  endpoint: 'unix:///var/run/docker.sock',
  source: 'the usual socket',
  state: { kind: 'answers', version: '28.2.2', machine: null },
};

/** Port 3000 inside a container, at these addresses. */
export function within(...addresses: readonly string[]): ContainerFacts['listening'] {
  return { kind: 'measured', value: addresses.map((address) => listener(address, 3000)) };
}

/** A running container that publishes its port 3000 as port 3000 and listens there on every address. */
export function runningContainer(more: Partial<ContainerFacts> = {}): ContainerFacts {
  return {
    engine: 'docker',
    id: 'a1b2c3d4e5f6',
    name: 'mcp-tools',
    image: 'node:22',
    state: 'running',
    exitCode: null,
    outOfMemory: false,
    startError: null,
    health: null,
    restarts: 0,
    runningMs: 60_000,
    endedMsAgo: null,
    published: [{ address: '0.0.0.0', family: 4, hostPort: 3000, innerPort: 3000 }],
    hostNetwork: false,
    networks: [{ name: 'bridge', addresses: ['172.17.0.2'], gateways: ['172.17.0.1'], aliases: [] }],
    compose: null,
    loopbackSettings: [],
    listening: within('0.0.0.0'),
    log: [],
    ...more,
  };
}

/** The same container after its end. */
export function stoppedContainer(more: Partial<ContainerFacts> = {}): ContainerFacts {
  const ended = { state: 'exited', exitCode: 1, runningMs: null, endedMsAgo: 5000, networks: [] } as const;
  return { ...runningContainer(ended), listening: { kind: 'not-measured', why: 'it does not run' }, ...more };
}

/** An engine with these containers. */
export function publishing(...containers: readonly ContainerFacts[]): ContainersEvidence {
  return { engines: [EXAMPLE_ENGINE], containers, total: containers.length, portsAreOurs: true, inner: [], own: null, ms: 8 };
}

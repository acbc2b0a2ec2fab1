import { composeFile } from '../facts/container-commands.ts';
import { defineCause, type MatchBase } from '../model/cause.ts';
import { publishing, runningContainer } from '../model/container-examples.ts';
import { type ContainerFault, faultOfKind } from '../model/container-fault.ts';
import { containerWords, failureFacts, publishedWords } from '../model/container-view.ts';
import type { ContainerFacts, OwnContainer } from '../model/containers.ts';
import type { Evidence } from '../model/evidence.ts';
import { attempt, evidence, names, NOTHING_AROUND, ready, target, tcp } from '../model/examples.ts';
import { endpoint, isReady, isWildcard, urlWith } from '../model/view.ts';
import type { Remedy } from '../model/remedy.ts';

type Fault = Extract<ContainerFault, { readonly kind: 'name-outside' | 'own-localhost' | 'no-host-name' | 'published-inside' | 'apart' }>;

interface Args extends MatchBase {
  readonly fault: Fault;
  readonly host: string;
  readonly port: number;
  /** The URL that leads to the server from here; null when none does. */
  readonly url: string | null;
  readonly facts: readonly string[];
}

/** A name or an address that means something else, or nothing, on this side of a container's network. */
export const cause = defineCause({
  id: 'container-network',
  group: 'address',
  title: "The address belongs to the other side of a container's network",
  layer: 'tcp',
  severity: 'error',
  needs: ['containers'],
  hiddenBy: [],
  match(found): Args | undefined {
    const fault: Fault | undefined = faultOfKind(found, 'name-outside', 'own-localhost', 'no-host-name', 'published-inside', 'apart');
    if (fault === undefined) return undefined;
    const { target } = found;
    const base = {
      fault,
      host: target.host,
      port: target.port,
      certainty: fault.seen !== null && isReady(fault.seen.handshake) ? 'proved' : 'likely',
    } as const;
    if (fault.kind === 'name-outside') {
      const way = fault.published.find(({ family }) => family === 4) ?? fault.published[0];
      const address = way === undefined || isWildcard(way.address) ? '127.0.0.1' : way.address;
      return {
        ...base,
        layer: 'dns',
        url: way === undefined ? null : urlWith(found, { host: address, port: way.hostPort }),
        facts: [
          `${target.host} is ${containerWords(fault.container)}`,
          ...fault.published.map((port) => `it publishes ${publishedWords(port)}`),
          ...(fault.published.length === 0 ? [`it publishes no port for ${target.port}`] : []),
          ...(fault.seen === null ? [] : [`${endpoint(fault.seen.attempt.address, fault.seen.attempt.port)} answers as an MCP server`]),
          ...(found.dns?.error == null ? failureFacts(found) : [`${target.host} does not resolve here (${found.dns.error})`]),
        ],
      };
    }
    const { seen } = fault;
    return {
      ...base,
      layer: found.dns?.addresses.length === 0 ? 'dns' : 'tcp',
      url: urlFromInside(found, fault),
      facts: [
        `this is a container (${found.host.container ?? 'of an unknown kind'}) with a network of its own`,
        ...('container' in fault && fault.container !== null ? containerFacts(found, fault.container) : []),
        ...(fault.kind === 'apart' ? [`this one is in ${list(fault.ours)}`] : []),
        ...(seen === null ? [] : [`${seen.name} (${endpoint(seen.attempt.address, seen.attempt.port)}) answers as an MCP server`]),
        ...(found.dns?.error == null ? failureFacts(found) : [`${target.host} does not resolve here (${found.dns.error})`]),
      ],
    };
  },
  explain({ fault, host, port, url, facts }) {
    const elsewhere = url === null ? '' : `; the server answers at ${new URL(url).host}`;
    const summaries: Readonly<Record<Fault['kind'], string>> = {
      'name-outside': `${host} is the name of a container, known to other containers of its network only; from this machine it is reached by a published port${url === null ? `, and port ${port} is not published` : `: ${new URL(url).host}`}.`,
      'own-localhost': `This is a container, so ${host} means the container itself, and nothing listens on port ${port} in it${elsewhere}.`,
      'no-host-name': `This is a container, and it was given no name ${host} for the machine it runs on${elsewhere}.`,
      'published-inside': `From one container to another the inner port counts: ${host} ${url === null ? 'does not listen' : 'listens'} ${url === null ? `on ${port}` : `on ${new URL(url).port || '80'}, not on ${port}`}${url === null ? '' : ', which is a number for outside'}.`,
      apart: `${host} is a container of ${fault.kind === 'apart' ? networkList(fault.container) : 'another network'}, and this container is not in it: the two cannot meet.`,
    };
    return { summary: summaries[fault.kind], evidence: facts };
  },
  remedies({ fault, host, port, url }): readonly Remedy[] {
    const edit: readonly Remedy[] =
      url === null ? [] : [{ kind: 'edit', title: 'Use the address at which the server is reached from here:', field: 'url', value: url }];
    if (fault.kind === 'name-outside') {
      const { container } = fault;
      const mapping = `127.0.0.1:${port}:${port}`;
      if (url !== null) return edit;
      return [
        {
          kind: 'tell',
          title:
            container.compose === null
              ? `Make the container anew with -p ${mapping}, and use http://127.0.0.1:${port}`
              : `In ${composeFile(container)}, write ports: ["${mapping}"] for the service ${container.compose.service}, bring it up again, and use http://127.0.0.1:${port}`,
        },
        { kind: 'tell', title: `Or run the client in a container of the same network, where the name ${host} is known.` },
      ];
    }
    if (fault.kind === 'published-inside') return edit;
    if (fault.kind === 'apart') {
      const { container } = fault;
      const [network] = container.networks;
      return [
        {
          kind: 'tell',
          title: `Let both be in one network: write the same entry under networks: for both services in the Compose file, or for now ${container.engine} network connect ${network?.name ?? 'NETWORK'} THIS-CONTAINER.`,
        },
        { kind: 'run', title: 'See who is in that network:', command: `${container.engine} network inspect ${network?.name ?? 'NETWORK'}` },
      ];
    }
    if (fault.kind === 'no-host-name') {
      return [
        {
          kind: 'tell',
          title: `On Linux, Docker gives this name only on request: start the container with --add-host=${host}:host-gateway, or write extra_hosts: ["${host}:host-gateway"] for its service in the Compose file.`,
        },
        ...edit,
      ];
    }
    return [
      ...edit,
      {
        kind: 'tell',
        title:
          'For a server in another container of the same network use its service name and the port it listens on; for one on the machine itself host.docker.internal (on Linux with --add-host=host.docker.internal:host-gateway).',
      },
    ];
  },
  about: `Each container has a network of its own. \`localhost\` in a container is that container; the names of containers and Compose services are known
only inside their common network; a published port number counts outside, the inner port inside; and the machine itself goes by
\`host.docker.internal\` (on Linux only when it was asked for with \`--add-host=host.docker.internal:host-gateway\`).
mcpreach notices that it runs in a container, asks the same port at the gateway and at the names that engines give, and compares names with the engine's list.
By hand: \`docker network inspect NETWORK\`; in the container, which is Linux on every system, \`getent hosts NAME\`, and \`cat /proc/net/route\`
for the gateway (hexadecimal, last byte first).`,
  refs: [
    'https://docs.docker.com/engine/network/',
    'https://docs.docker.com/compose/how-tos/networking/',
    'https://docs.docker.com/reference/cli/docker/container/run/#add-host',
  ],
  examples,
});

/** The URL by which the server is reached from inside this container. */
function urlFromInside(found: Evidence, fault: Exclude<Fault, { readonly kind: 'name-outside' }>): string | null {
  if (fault.kind === 'published-inside') return urlWith(found, { port: fault.innerPort });
  // A name is better than the number it stands for today.
  const at = fault.seen?.name.includes(' ') === true ? fault.seen.attempt.address : fault.seen?.name;
  return at === undefined ? null : urlWith(found, { host: at });
}

function containerFacts({ target }: Evidence, container: ContainerFacts): readonly string[] {
  const ports = container.published.filter(({ hostPort }) => hostPort === target.port);
  return [
    `${target.host} is ${containerWords(container)}, in ${networkList(container)}`,
    ...ports.map((port) => `it publishes ${publishedWords(port)}`),
  ];
}

function networkList({ networks }: ContainerFacts): string {
  return list(networks.map(({ name }) => name));
}

function list(names: readonly string[]): string {
  return names.length === 0 ? 'no network' : `the network${names.length > 1 ? 's' : ''} ${names.join(', ')}`;
}

function examples() {
  const unknown = { dns: { ...names(), error: 'ENOTFOUND' } };
  const service = runningContainer({ compose: { project: 'shop', service: 'mcp', files: ['/srv/shop/compose.yaml'] } });
  const around = (name: string, address: string) => ({ name, attempt: attempt(address, 'open'), handshake: ready() });
  const inside = (...seen: OwnContainer['around']) => ({
    ...publishing(),
    engines: [],
    portsAreOurs: false,
    own: { gateway: '172.17.0.1', networks: null, around: seen, beside: [] },
  });
  const refused = { dns: names('127.0.0.1'), tcp: tcp(attempt('127.0.0.1', 'refused')), ...NOTHING_AROUND };
  const neighbour = { dns: names('172.18.0.2'), tcp: tcp(attempt('172.18.0.2', 'refused', 8080)) };
  const host = target('http://host.docker.internal:3000/mcp');
  return {
    fires: [
      {
        title: 'a service name, used from outside',
        evidence: evidence(target('http://mcp:3000/mcp'), {
          ...unknown,
          containers: {
            ...publishing(service),
            inner: [{ container: 'mcp-tools', attempt: attempt('127.0.0.1', 'open'), handshake: ready() }],
          },
        }),
      },
      {
        title: 'a service name, and nothing published',
        evidence: evidence(target('http://mcp:3000/mcp'), { ...unknown, containers: publishing({ ...service, published: [] }) }),
      },
      {
        title: 'localhost inside a container',
        evidence: evidence(target(), { ...refused, containers: inside(around('the gateway', '172.17.0.1')) }, { container: 'docker' }),
      },
      {
        title: 'host.docker.internal without its mapping',
        evidence: evidence(host, { ...unknown, containers: inside(around('the gateway', '172.17.0.1')) }, { container: 'docker' }),
      },
      {
        title: 'host.docker.internal without its mapping, and nobody seen',
        evidence: evidence(host, { ...unknown, containers: inside() }, { container: 'docker' }),
      },
      {
        title: 'a published port number, used inside',
        evidence: evidence(
          target('http://mcp:8080/mcp'),
          {
            ...neighbour,
            containers: {
              ...inside(),
              own: { ...inside().own, beside: [{ name: 'mcp', attempt: attempt('172.18.0.2', 'open', 3000), handshake: ready() }] },
            },
          },
          { container: 'docker' },
        ),
      },
      {
        title: 'a container of another network',
        evidence: evidence(
          target('http://mcp:3000/mcp'),
          { ...unknown, containers: { ...inside(), containers: [service], own: { ...inside().own, networks: ['other_default'] } } },
          { container: 'docker' },
        ),
      },
    ],
    quiet: [
      {
        title: 'another container refuses, and nothing else is seen there',
        evidence: evidence(target('http://mcp:8080/mcp'), { ...neighbour, containers: inside() }, { container: 'docker' }),
      },
      {
        title: 'localhost inside a container, and nobody anywhere',
        evidence: evidence(target(), { ...refused, containers: inside() }, { container: 'docker' }),
      },
      {
        title: 'a name of no container',
        evidence: evidence(target('http://other:3000/mcp'), { ...unknown, containers: publishing(service) }),
      },
      {
        title: 'the service name resolves and works',
        evidence: evidence(target('http://mcp:3000/mcp'), {
          dns: names('172.17.0.2'),
          tcp: tcp(attempt('172.17.0.2', 'open')),
          direct: ready(),
          containers: publishing(service),
        }),
      },
    ],
  };
}

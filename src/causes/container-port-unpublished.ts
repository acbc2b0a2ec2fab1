import { composeCommand, composeFile } from '../facts/container-commands.ts';
import { defineCause, type MatchBase } from '../model/cause.ts';
import { publishing, runningContainer, within } from '../model/container-examples.ts';
import { faultOfKind } from '../model/container-fault.ts';
import { containerWords, engineGaps, failureFacts, publishedWords, seeInside } from '../model/container-view.ts';
import type { ContainerFacts, InnerAttempt } from '../model/containers.ts';
import {
  answer,
  answered,
  attempt,
  evidence,
  failed,
  listener,
  names,
  NOTHING_AROUND,
  ready,
  target,
  tcp,
  unfinished,
} from '../model/examples.ts';
import { endpoint, isReady, openAttempts } from '../model/view.ts';
import type { Remedy } from '../model/remedy.ts';

interface Args extends MatchBase {
  readonly container: ContainerFacts;
  readonly hostPort: number;
  /** Where the published port leads; null when it is not published at all. */
  readonly leadsTo: number | null;
  /** The ports that are served inside. */
  readonly served: readonly number[];
  readonly facts: readonly string[];
}

/** The container serves, and no published port leads to it. */
export const cause = defineCause({
  id: 'container-port-unpublished',
  group: 'address',
  title: "The container's port is not published",
  layer: 'tcp',
  severity: 'error',
  needs: ['containers'],
  hiddenBy: [],
  match(found): Args | undefined {
    const fault = faultOfKind(found, 'unpublished', 'wrong-inner-port');
    if (fault === undefined) return undefined;
    const { container, seen } = fault;
    const base = {
      container,
      hostPort: found.target.port,
      certainty: seen !== null && isReady(seen.handshake) ? 'proved' : 'likely',
    } as const;
    if (fault.kind === 'unpublished') {
      const heard = `inside it, port ${found.target.port} is listened on`;
      const facts = [`${containerWords(container)} publishes ${publishes(container)}`, heard, ...seenFacts(seen), ...failureFacts(found)];
      return { ...base, leadsTo: null, served: [found.target.port], facts };
    }
    const { port, served } = fault;
    return {
      ...base,
      layer: openAttempts(found).length > 0 ? 'http' : 'tcp',
      leadsTo: port.innerPort,
      // What was seen to speak MCP is the one that is meant.
      served: seen === null ? served : [seen.attempt.port],
      facts: [
        `${containerWords(container)} publishes ${publishedWords(port)}`,
        `inside it, nothing listens on port ${port.innerPort}; port ${served.join(', ')} is listened on`,
        ...seenFacts(seen),
        ...failureFacts(found),
        ...engineGaps(found.containers),
      ],
    };
  },
  explain({ container, hostPort, leadsTo, served, facts }) {
    const summary =
      leadsTo === null
        ? `Container ${container.name} serves port ${hostPort}, but does not publish it to this machine.`
        : `Port ${hostPort} is published to port ${leadsTo} of container ${container.name}, but inside it the server listens on port ${served.join(' or ')}.`;
    return { summary, evidence: facts };
  },
  remedies({ container, hostPort, served }, { platform }): readonly Remedy[] {
    const mapping = `127.0.0.1:${hostPort}:${served[0] ?? hostPort}`;
    const up = composeCommand(container, platform, 'up', '-d');
    const look: Remedy = { kind: 'run', title: 'See what listens inside (ports are hexadecimal):', command: seeInside(container) };
    if (up === null) {
      return [
        {
          kind: 'tell',
          title: `Ports are given when a container is made: remove ${container.id === '' ? 'it' : container.name} and make it anew, its ${container.engine} run command with -p ${mapping}`,
        },
        look,
      ];
    }
    return [
      {
        kind: 'tell',
        title: `Publish the port on this machine's loopback: in ${composeFile(container)}, write ports: ["${mapping}"] for the service ${container.compose?.service ?? container.name}.`,
      },
      { kind: 'run', title: 'Then bring the service up with it:', command: up },
      look,
    ];
  },
  about: `A container's ports are its own until they are published (\`-p\`, or \`ports:\` in a Compose file; \`EXPOSE\` and \`expose:\` publish nothing).
Without that, or with a mapping to another inner port than the one the server listens on, a connection to this machine's port is refused, or
accepted by the forwarder and closed.
mcpreach asks the engine for the mappings, reads from \`/proc/PID/net/tcp\` what is listened on inside, and makes a handshake at the container's own address.
By hand: \`docker port NAME\`, \`docker ps\`, and \`docker exec NAME cat /proc/net/tcp /proc/net/tcp6\`.`,
  refs: ['https://docs.docker.com/engine/network/port-publishing/', 'https://docs.docker.com/reference/compose-file/services/#ports'],
  examples,
});

function publishes({ published }: ContainerFacts): string {
  return published.length === 0 ? 'no port' : published.map(publishedWords).join(', ');
}

function seenFacts(seen: InnerAttempt | null): readonly string[] {
  return seen === null
    ? []
    : [`at the container's own address, ${endpoint(seen.attempt.address, seen.attempt.port)}, an MCP server answers`];
}

function examples() {
  const refused = { dns: names('127.0.0.1'), tcp: tcp(attempt('127.0.0.1', 'refused')), ...NOTHING_AROUND };
  const cut = unfinished([failed('server/discover', { stage: 'head', reason: 'closed', code: 'ECONNRESET' })]);
  const open = { ...refused, tcp: tcp(attempt('127.0.0.1', 'open')), direct: cut };
  const inside = (port: number, handshake: InnerAttempt['handshake']): InnerAttempt => ({
    container: 'mcp-tools',
    attempt: attempt('172.17.0.2', 'open', port),
    handshake,
  });
  const unpublished = publishing(runningContainer({ published: [] }));
  const elsewhere = runningContainer({
    published: [{ address: '0.0.0.0', family: 4, hostPort: 3000, innerPort: 3000 }],
    listening: { kind: 'measured', value: [listener('0.0.0.0', 8080)] },
  });
  return {
    fires: [
      {
        title: 'not published',
        evidence: evidence(target(), { ...refused, containers: { ...unpublished, inner: [inside(3000, ready())] } }),
      },
      {
        title: 'not published, and its own address leads nowhere from here',
        evidence: evidence(target(), { ...refused, containers: unpublished }),
      },
      { title: 'published to another inner port', evidence: evidence(target(), { ...open, containers: publishing(elsewhere) }) },
      {
        title: 'a Compose service, published to another inner port',
        evidence: evidence(target(), {
          ...open,
          containers: {
            ...publishing({ ...elsewhere, compose: { project: 'shop', service: 'mcp', files: ['/srv/shop/compose.yaml'] } }),
            inner: [inside(8080, ready())],
          },
        }),
      },
    ],
    quiet: [
      {
        title: 'what the container serves is no MCP server',
        evidence: evidence(target(), {
          ...refused,
          containers: { ...unpublished, inner: [inside(3000, unfinished([answered('server/discover', 'not-found', answer(404))]))] },
        }),
      },
      {
        title: 'published where it listens',
        evidence: evidence(target(), { ...open, containers: publishing(runningContainer({ listening: within('0.0.0.0') })) }),
      },
      {
        title: 'nothing listens inside',
        evidence: evidence(target(), { ...open, containers: publishing({ ...elsewhere, listening: { kind: 'measured', value: [] } }) }),
      },
    ],
  };
}

import { askClosedEngine, composeCommand, composeFile, seeLog } from '../facts/container-commands.ts';
import { defineCause, type MatchBase } from '../model/cause.ts';
import { publishing, runningContainer, within } from '../model/container-examples.ts';
import { faultOfKind } from '../model/container-fault.ts';
import { closedEngine, containerWords, engineGaps, failureFacts, publishedWords, seeInside } from '../model/container-view.ts';
import type { ContainerFacts, EngineKind } from '../model/containers.ts';
import { attempt, evidence, failed, names, NOTHING_AROUND, ready, target, tcp, unfinished } from '../model/examples.ts';
import { endpoint, openAttempts } from '../model/view.ts';
import type { Remedy } from '../model/remedy.ts';

interface Args extends MatchBase {
  readonly container: ContainerFacts;
  readonly address: string;
  readonly hostPort: number;
  readonly innerPort: number;
  readonly inside: readonly string[];
  readonly facts: readonly string[];
  /** An engine that this user may not ask. */
  readonly closed: EngineKind | null;
}

/** The port is published, and inside the container the server hears only the container itself. */
export const cause = defineCause({
  id: 'container-loopback',
  group: 'address',
  title: 'The server listens on loopback inside its container',
  layer: 'tcp',
  severity: 'error',
  needs: ['containers'],
  hiddenBy: [],
  match(found): Args | undefined {
    const fault = faultOfKind(found, 'loopback');
    if (fault === undefined) return undefined;
    const { container, port } = fault;
    const { listening } = container;
    const sockets = listening.kind === 'measured' ? listening.value.filter((one) => one.port === port.innerPort) : null;
    return {
      certainty: sockets === null ? 'likely' : 'proved',
      layer: openAttempts(found).length > 0 ? 'http' : 'tcp',
      container,
      closed: closedEngine(found.containers),
      address: endpoint(port.address, port.hostPort),
      hostPort: port.hostPort,
      innerPort: port.innerPort,
      inside: sockets?.map((one) => endpoint(one.address, one.port)) ?? ['its own loopback'],
      facts: [
        `${containerWords(container)} publishes ${publishedWords(port)}`,
        listening.kind === 'measured'
          ? `inside it, port ${port.innerPort} is listened on at loopback only`
          : `what listens inside it could not be read: ${listening.why}; by hand: ${seeInside(container)}`,
        ...failureFacts(found),
        ...engineGaps(found.containers),
        ...(container.loopbackSettings.length > 0
          ? [`it is started with a loopback address in ${container.loopbackSettings.join(', ')}`]
          : []),
      ],
    };
  },
  explain({ container, inside, hostPort, facts }) {
    return {
      summary: `Container ${container.name} publishes port ${hostPort}, but inside it the server listens on ${inside.join(' and ')} only, which nothing outside the container reaches.`,
      evidence: facts,
    };
  },
  remedies({ container, hostPort, innerPort, closed }, { platform }): readonly Remedy[] {
    const [setting] = container.loopbackSettings;
    const where = setting === undefined ? 'its host setting (often HOST or --host)' : setting;
    const publish = `127.0.0.1:${hostPort}:${innerPort}`;
    const restart = composeCommand(container, platform, 'up', '-d');
    return [
      {
        kind: 'tell',
        title:
          `Inside the container only, let the server listen on every address of the container instead of 127.0.0.1: set ${where} to 0.0.0.0. ` +
          `Publish it on this machine's loopback, so that it stays private: ${container.compose === null ? `-p ${publish}` : `ports: ["${publish}"] in ${composeFile(container)}`}.`,
      },
      restart === null
        ? {
            kind: 'tell',
            title: `Then make the container anew: remove ${container.id === '' ? 'it' : container.name} and give its ${container.engine} run command that setting and that -p.`,
          }
        : { kind: 'run', title: 'Then bring the service up with it:', command: restart },
      { kind: 'run', title: 'See what it says about where it listens:', command: seeLog(container) },
      {
        kind: 'run',
        title: 'See where something listens inside (0100007F is 127.0.0.1, the port is hexadecimal):',
        command: seeInside(container),
      },
      ...askClosedEngine(closed),
    ];
  },
  about: `A container has a loopback of its own. A published port is forwarded to the container's outer address, so a server that is bound to
127.0.0.1 inside never sees the connection. Docker's forwarder accepts and then closes or resets it; Podman, and Docker without its
userland proxy, pass the refusal on.
mcpreach asks the engine which container publishes the port, and reads from \`/proc/PID/net/tcp\` where something listens in it.
Where that cannot be seen (the engine is in a virtual machine, or the processes are hidden), \`--exec\` lets it run \`cat\` in the container once.
By hand: \`docker port NAME\`, then \`docker exec NAME cat /proc/net/tcp /proc/net/tcp6\` (or \`ss -ltn\` where the image has it): state 0A listens,
0100007F is 127.0.0.1, 00000000 is every address.`,
  refs: [
    'https://docs.docker.com/engine/network/port-publishing/',
    'https://docs.podman.io/en/latest/markdown/podman-run.1.html#publish-p-ip-hostport-containerport-protocol',
  ],
  examples() {
    const loop = runningContainer({ listening: within('127.0.0.1') });
    const cut = unfinished([failed('server/discover', { stage: 'head', reason: 'closed', code: 'ECONNRESET' })]);
    const open = { dns: names('127.0.0.1'), tcp: tcp(attempt('127.0.0.1', 'open')), ...NOTHING_AROUND };
    const refused = { ...open, tcp: tcp(attempt('127.0.0.1', 'refused')) };
    return {
      fires: [
        {
          title: "Docker's forwarder closes the connection",
          evidence: evidence(target(), { ...open, direct: cut, containers: publishing(loop) }),
        },
        {
          title: "Podman's passes the refusal on",
          evidence: evidence(target(), { ...refused, containers: publishing({ ...loop, engine: 'podman' }) }),
        },
        {
          title: 'IPv6 loopback inside',
          evidence: evidence(target(), { ...refused, containers: publishing({ ...loop, listening: within('::1') }) }),
        },
        {
          title: 'its inside cannot be read, and it was told so',
          evidence: evidence(target(), {
            ...open,
            direct: cut,
            containers: publishing({
              ...loop,
              loopbackSettings: ['--host'],
              listening: { kind: 'not-measured', why: 'it is on the kernel of Colima' },
            }),
          }),
        },
        {
          title: 'a service of Compose whose variable says so',
          evidence: evidence(target(), {
            ...open,
            direct: cut,
            containers: publishing({
              ...loop,
              loopbackSettings: ['HOST'],
              compose: { project: 'shop', service: 'mcp', files: ['/srv/shop/compose.yaml'] },
            }),
          }),
        },
      ],
      quiet: [
        { title: 'it works', evidence: evidence(target(), { ...open, direct: ready(), containers: publishing(loop) }) },
        {
          title: 'it listens on every address inside',
          evidence: evidence(target(), { ...open, direct: cut, containers: publishing({ ...loop, listening: within('0.0.0.0') }) }),
        },
        {
          title: 'another port is published',
          evidence: evidence(target(), {
            ...refused,
            containers: publishing({ ...loop, published: [{ address: '0.0.0.0', family: 4, hostPort: 8080, innerPort: 3000 }] }),
          }),
        },
        {
          title: 'what listens inside could not be read',
          evidence: evidence(target(), {
            ...open,
            direct: cut,
            containers: publishing({ ...loop, listening: { kind: 'not-measured', why: 'its processes are on another kernel' } }),
          }),
        },
      ],
    };
  },
});

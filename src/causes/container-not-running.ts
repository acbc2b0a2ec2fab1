import { composeCommand, seeContainers, seeLog } from '../facts/container-commands.ts';
import { defineCause, type MatchBase } from '../model/cause.ts';
import { publishing, runningContainer, stoppedContainer } from '../model/container-examples.ts';
import { faultOfKind } from '../model/container-fault.ts';
import { containerWords, failureFacts, fareFacts, publishedWords } from '../model/container-view.ts';
import type { ContainerFacts } from '../model/containers.ts';
import { attempt, evidence, failed, names, NOTHING_AROUND, ready, target, tcp, unfinished } from '../model/examples.ts';
import { openAttempts } from '../model/view.ts';
import type { Remedy } from '../model/remedy.ts';

interface Args extends MatchBase {
  readonly container: ContainerFacts;
  readonly what: string;
  readonly facts: readonly string[];
}

/** The container that owns the port or the name does not run. */
export const cause = defineCause({
  id: 'container-not-running',
  group: 'address',
  title: 'The container is not running',
  layer: 'tcp',
  severity: 'error',
  needs: ['containers'],
  hiddenBy: [],
  match(found): Args | undefined {
    const fault = faultOfKind(found, 'not-running');
    if (fault === undefined) return undefined;
    const { container, port, others } = fault;
    return {
      // One that ended well may have been stopped for good, and its port meant for somebody else.
      certainty: container.state === 'exited' && container.exitCode === 0 ? 'likely' : 'proved',
      layer: port === null ? 'dns' : openAttempts(found).length > 0 ? 'http' : 'tcp',
      container,
      what: port === null ? `the name ${found.target.host}` : `port ${port.hostPort}`,
      facts: [
        port === null
          ? `${containerWords(container)} goes by the name ${found.target.host}`
          : `${containerWords(container)} is to publish ${publishedWords(port)}`,
        ...fareFacts(container),
        ...(others > 0 ? [`${others} more stopped containers would have it too; this one ran last`] : []),
        ...failureFacts(found),
      ],
    };
  },
  explain({ container, what, facts }) {
    return { summary: `Container ${container.name}, which has ${what}, ${stateWords(container)}.`, evidence: facts };
  },
  remedies({ container }, { platform }): readonly Remedy[] {
    const { engine, name, state, outOfMemory } = container;
    const log: Remedy = { kind: 'run', title: 'Read its last lines:', command: seeLog(container) };
    const see: Remedy = { kind: 'run', title: 'See the state of every container:', command: seeContainers(engine) };
    if (state === 'paused') return [{ kind: 'run', title: 'Let it go on:', command: `${engine} unpause ${name}` }, see];
    const start: Remedy = {
      kind: 'run',
      title: 'Start it:',
      command: composeCommand(container, platform, 'up', '-d') ?? `${engine} start ${name}`,
    };
    if (outOfMemory)
      return [{ kind: 'tell', title: 'Give it more memory (--memory, or mem_limit in the Compose file), then start it.' }, start, log];
    if (state === 'restarting' || (state === 'running' && container.restarts > 0))
      return [log, { kind: 'tell', title: 'Mend what ends it at each start; until then the engine only starts it again and again.' }, see];
    return container.exitCode === null || container.exitCode === 0
      ? [start, log, see]
      : [log, { ...start, title: 'Mend what its log says, then start it:' }, see];
  },
  about: `A stopped container gives its published ports back, so a connection is refused; its name does not resolve any more. A paused one keeps
them, accepts, and never answers. One that ends at each start is started again and again, and refuses in between.
mcpreach asks the engine for the containers that publish this port, or would when they run, with their state, exit code and last lines.
By hand: \`docker ps -a\`, \`docker inspect -f '{{.State.Status}} {{.State.ExitCode}}' NAME\`, \`docker logs --tail 50 NAME\`. Exit code 137 is a kill
(often for want of memory), 143 an ordinary stop, 126 and 127 a command that cannot be run.`,
  refs: [
    'https://docs.docker.com/reference/cli/docker/container/ls/',
    'https://docs.docker.com/engine/containers/start-containers-automatically/',
  ],
  examples,
});

function stateWords({ state, exitCode, startError, outOfMemory }: ContainerFacts): string {
  switch (state) {
    case 'paused':
      return 'is paused: it accepts connections and answers none';
    case 'running':
    case 'restarting':
      return `ends again and again at its start${exitCode === null ? '' : ` (exit code ${exitCode})`}`;
    case 'created':
      return startError === null ? 'was made, but never started' : 'could not be started';
    default:
      return `is not running${outOfMemory ? ': it was ended for want of memory' : exitCode === null ? '' : `: it ended with exit code ${exitCode}`}`;
  }
}

function examples() {
  const refused = { dns: names('127.0.0.1'), tcp: tcp(attempt('127.0.0.1', 'refused')), ...NOTHING_AROUND };
  const hang = unfinished([failed('server/discover', { stage: 'head', reason: 'timed-out', ms: 15_000 })]);
  const open = { ...refused, tcp: tcp(attempt('127.0.0.1', 'open')) };
  const stopped = stoppedContainer({ log: ['Error: Cannot find module "/app/server.js"'] });
  const at = (host: string) =>
    evidence(target(`http://${host}:3000/mcp`), { dns: { ...names(), error: 'ENOTFOUND' }, containers: publishing(stopped) });
  return {
    fires: [
      { title: 'it has ended', evidence: evidence(target(), { ...refused, containers: publishing(stopped) }) },
      { title: 'it was stopped', evidence: evidence(target(), { ...refused, containers: publishing(stoppedContainer({ exitCode: 0 })) }) },
      {
        title: 'it was never started',
        evidence: evidence(target(), {
          ...refused,
          containers: publishing(stoppedContainer({ state: 'created', exitCode: null, endedMsAgo: null })),
        }),
      },
      {
        title: 'it is started again and again',
        evidence: evidence(target(), { ...refused, containers: publishing(stoppedContainer({ state: 'restarting', restarts: 7 })) }),
      },
      {
        title: 'it is paused',
        evidence: evidence(target(), { ...open, direct: hang, containers: publishing(runningContainer({ state: 'paused' })) }),
      },
      { title: 'its name is not known while it is stopped', evidence: at('mcp-tools') },
    ],
    quiet: [
      {
        title: 'another container has the port now, and it works',
        evidence: evidence(target(), { ...open, direct: ready(), containers: publishing(stopped, runningContainer()) }),
      },
      {
        title: 'somebody else has the port now, and gives no answer',
        evidence: evidence(target(), { ...open, direct: hang, containers: publishing(stopped) }),
      },
      {
        title: 'the stopped container has another port',
        evidence: evidence(target(), {
          ...refused,
          containers: publishing({ ...stopped, published: [{ address: '0.0.0.0', family: 4, hostPort: 8080, innerPort: 3000 }] }),
        }),
      },
      { title: 'another name', evidence: at('mcp-other') },
    ],
  };
}

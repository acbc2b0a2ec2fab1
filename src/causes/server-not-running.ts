import { askClosedEngine, seeLog } from '../facts/container-commands.ts';
import { defineCause, type MatchBase } from '../model/cause.ts';
import { publishing, runningContainer } from '../model/container-examples.ts';
import { faultOfKind } from '../model/container-fault.ts';
import { closedEngine, seeInside } from '../model/container-view.ts';
import type { ContainerFacts, EngineKind } from '../model/containers.ts';
import {
  answer,
  answered,
  attempt,
  evidence,
  failed,
  holder,
  listener,
  machine,
  names,
  NOTHING_AROUND,
  ready,
  target,
  tcp,
  unfinished,
} from '../model/examples.ts';
import { refusedBesideListener } from '../model/filters-view.ts';
import { lookedAround } from '../model/looked-around.ts';
import { endpoint, failsDirectly, isLocal, openAttempts } from '../model/view.ts';

interface Args extends MatchBase {
  readonly port: number;
  /** The address as it may be shown. */
  readonly shown: string;
  readonly refused: readonly string[];
  /** Addresses that failed in another way. */
  readonly others: readonly string[];
  /** Open addresses of this port at which no MCP server answers. */
  readonly strangers: readonly string[];
  readonly local: boolean;
  readonly looked: readonly string[];
  /** Ports of this machine where MCP servers answer that cannot be told apart. */
  readonly elsewhere: readonly number[];
  /** The start command that was seen to bring it up, if one was given. */
  readonly startsWith: string | null;
  /** The container behind the port, running, in which nothing listens. */
  readonly empty: ContainerFacts | null;
  /** The container behind the port, running, whose inside could not be read. */
  readonly dark: ContainerFacts | null;
  /** An engine that this user may not ask. */
  readonly closed: EngineKind | null;
}

/** What remains after everything else was looked at, and it says what was. */
export const cause = defineCause({
  id: 'server-not-running',
  group: 'process',
  title: 'The server is not running',
  layer: 'tcp',
  severity: 'error',
  needs: ['tcp'],
  hiddenBy: 'any-other',
  match(found): Args | undefined {
    const { tcp, target, machine, siblings, patience, start } = found;
    if (!failsDirectly(found)) return undefined;
    const refused = tcp.attempts.filter(({ outcome }) => outcome === 'refused');
    const empty = faultOfKind(found, 'nobody-inside')?.container ?? null;
    // Where a program surely listens, something else refuses in its place.
    if (empty === null && refusedBesideListener(found) !== undefined) return undefined;
    const opened = openAttempts(found).length > 0 || (patience?.openedAfterMs ?? null) !== null;
    // Behind a forwarder that accepts for it, a container can be as empty as a closed port.
    if (empty === null && (refused.length === 0 || opened)) return undefined;
    const local = isLocal(found);
    const started = start?.outcome.kind === 'answers';
    const certain = started || (local && machine?.sockets.kind === 'measured');
    return {
      certainty: certain ? 'proved' : 'likely',
      port: target.port,
      shown: target.display,
      refused: refused.map(({ address, port }) => endpoint(address, port)),
      others: tcp.attempts
        .filter(({ outcome }) => outcome !== 'refused' && outcome !== 'open')
        .map(({ address, port, outcome, code }) => `${endpoint(address, port)} ${outcome}${code === null ? '' : ` (${code})`}`),
      strangers: (siblings?.attempts ?? []).filter(({ outcome }) => outcome === 'open').map(({ address, port }) => endpoint(address, port)),
      local,
      looked: lookedAround(found),
      elsewhere: found.ports?.found.map(({ port }) => port) ?? [],
      startsWith: started ? start.command : null,
      empty,
      dark: faultOfKind(found, 'dark')?.container ?? null,
      closed: closedEngine(found.containers),
    };
  },
  explain({ port, refused, others, strangers, local, looked, startsWith, empty, dark }) {
    const closed = refused.length === 0 ? [] : [`${refused.join(' and ')} refused the connection (ECONNREFUSED)`];
    const evidence = [...closed, ...others, ...looked];
    if (startsWith !== null) return { summary: 'The server is not running; started with its own command, it answers.', evidence };
    if (empty !== null) {
      return {
        summary: `Container ${empty.name} runs and publishes port ${port}, but nothing listens inside it: the server in it is not running.`,
        evidence,
      };
    }
    if (dark !== null) {
      return {
        summary: `Container ${dark.name} publishes port ${port}, and the connection is refused: the server in it is not running, or listens on the container's own loopback only.`,
        evidence,
      };
    }
    if (strangers.length > 0) {
      return {
        summary: `Nothing listens at ${refused.join(' and ')}: the server is not running. ${strangers.join(' and ')} is open, but no MCP server.`,
        evidence,
      };
    }
    return { summary: `Nothing listens on port ${port} ${local ? 'on this machine' : 'there'}: the server is not running.`, evidence };
  },
  remedies({ startsWith, local, elsewhere, shown, empty, dark, closed }) {
    if (startsWith !== null) return [{ kind: 'run', title: 'Start the server:', command: startsWith }];
    if (empty !== null) {
      return [
        {
          kind: 'run',
          title: 'Read what the container printed: if its server ended, or still prepares, that is where it says so.',
          command: seeLog(empty),
        },
        { kind: 'run', title: 'Start it again:', command: `${empty.engine} restart ${empty.name}` },
      ];
    }
    if (dark !== null) {
      return [
        {
          kind: 'run',
          title: 'See where something listens inside (0100007F is 127.0.0.1, ports are hexadecimal), or let doctor --exec look:',
          command: seeInside(dark),
        },
        { kind: 'run', title: 'Read what it printed:', command: seeLog(dark) },
      ];
    }
    if (!local) return [{ kind: 'tell', title: 'Start the server on that machine, or check host and port.' }];
    return [
      ...(elsewhere.length > 0
        ? [{ kind: 'tell', title: `If it is one of those on the ports ${elsewhere.join(', ')}, write that port into the URL.` } as const]
        : []),
      { kind: 'tell', title: 'Start the server, and read what it prints: if it ends at once, that is the reason.' },
      {
        kind: 'run',
        title: 'Or let mcpreach start it and read its output, with your own start command:',
        command: `mcpreach doctor ${shown} --start 'COMMAND'`,
      },
      ...askClosedEngine(closed),
    ];
  },
  about: `The operating system answered the connection with a reset (\`ECONNREFUSED\`): no process listens on that port.
mcpreach says so only after it has looked at every address of the name, at the other loopback family, at all listening
sockets of this machine, and has watched the port for a while. By hand: \`ss -ltn\` (Linux), \`lsof -nP -iTCP -sTCP:LISTEN\`
(macOS), \`netstat -ano\` (Windows).`,
  refs: ['https://man7.org/linux/man-pages/man2/connect.2.html', 'https://www.rfc-editor.org/rfc/rfc9293#section-3.5.2'],
  examples() {
    const local = { dns: names('127.0.0.1'), tcp: tcp(attempt('127.0.0.1', 'refused')), ...NOTHING_AROUND };
    return {
      fires: [
        { title: 'nothing listens on a local port', evidence: evidence(target(), local) },
        {
          title: 'a remote machine refuses',
          evidence: evidence(target('http://192.0.2.9:3000/mcp'), { tcp: tcp(attempt('192.0.2.9', 'refused')) }),
        },
        {
          title: 'a name with an address of a family that this machine does not have',
          evidence: evidence(target(), {
            ...local,
            dns: names('::1', '127.0.0.1'),
            tcp: tcp(attempt('::1', 'no-local-address'), attempt('127.0.0.1', 'refused')),
          }),
        },
        {
          title: 'two other MCP servers, and no name to choose by',
          evidence: evidence(target(), {
            ...local,
            ports: {
              looked: 4,
              ownedByOthers: [],
              found: [3001, 3002].map((port) => ({
                port,
                address: '127.0.0.1',
                owner: { kind: 'not-measured' as const, why: 'it belongs to another user' },
                handshake: ready({ url: `http://localhost:${port}/mcp` }),
              })),
            },
          }),
        },
        {
          title: 'only a stranger on the other family',
          evidence: evidence(target('http://127.0.0.1:3000/mcp'), {
            ...local,
            machine: machine(listener('::1')),
            siblings: {
              attempts: [attempt('::1', 'open')],
              handshakes: [unfinished([answered('server/discover', 'not-found', answer(404))])],
            },
          }),
        },
        {
          title: 'a container publishes the port, and nothing listens in it',
          evidence: evidence(target(), {
            ...local,
            tcp: tcp(attempt('127.0.0.1', 'open')),
            direct: unfinished([failed('server/discover', { stage: 'head', reason: 'closed', code: 'ECONNRESET' })]),
            containers: publishing(runningContainer({ listening: { kind: 'measured', value: [] }, log: ['migrating the database'] })),
          }),
        },
        {
          title: 'a container whose inside cannot be read refuses',
          evidence: evidence(target(), {
            ...local,
            containers: publishing(
              runningContainer({ listening: { kind: 'not-measured', why: 'it is on the kernel of a Podman machine' } }),
            ),
          }),
        },
        {
          title: 'its own command brings it up',
          evidence: evidence(target(), {
            ...local,
            start: { command: 'node server.js', outcome: { kind: 'answers', handshake: ready() }, stderr: [], stdout: [], ms: 800 },
          }),
        },
      ],
      quiet: [
        { title: 'it answers', evidence: evidence(target(), { ...local, tcp: tcp(attempt('127.0.0.1', 'open')), direct: ready() }) },
        {
          title: 'it came up while it was watched',
          evidence: evidence(target(), { ...local, patience: { watchedMs: 900, openedAfterMs: 800, handshake: ready() } }),
        },
        {
          title: 'something listens on the port at another address',
          evidence: evidence(target('http://[::1]:3000/mcp'), {
            tcp: tcp(attempt('::1', 'refused')),
            machine: machine(listener('127.0.0.1')),
            holder: holder(),
            siblings: { attempts: [attempt('127.0.0.1', 'open')], handshakes: [ready()] },
          }),
        },
      ],
    };
  },
});

import { defineCause, type MatchBase } from '../model/cause.ts';
import { publishing, runningContainer } from '../model/container-examples.ts';
import { publishedAt } from '../model/container-view.ts';
import type { ProcessFacts } from '../model/evidence.ts';
import { attempt, evidence, EXAMPLE_PROCESS, failed, names, NOTHING_AROUND, ready, target, tcp, unfinished } from '../model/examples.ts';
import { endpoint, failsDirectly, openAttempts, processWords, works } from '../model/view.ts';

interface Args extends MatchBase {
  readonly address: string;
  readonly port: number;
  readonly seen:
    | { readonly kind: 'came-up'; readonly afterMs: number }
    /** A container's forwarder accepted at once, and the server inside answered later. */
    | { readonly kind: 'answered'; readonly afterMs: number; readonly container: string }
    | { readonly kind: 'starting'; readonly process: ProcessFacts };
}

/** The client came before the server was listening. */
export const cause = defineCause({
  id: 'startup-race',
  group: 'process',
  title: 'The server was still starting',
  layer: 'tcp',
  severity: 'error',
  needs: ['tcp'],
  hiddenBy: ['crash-on-boot', 'ipv6-localhost', 'bound-to-loopback', 'wrong-host', 'wrong-port', 'port-in-use'],
  match(found): Args | undefined {
    const { tcp, target, patience, holder, start, containers } = found;
    const refused = tcp.attempts.find(({ outcome }) => outcome === 'refused');
    const [forwarder] = openAttempts(found);
    if (forwarder !== undefined && patience !== undefined && containers !== undefined && works(found)) {
      const about = { address: endpoint(forwarder.address, target.port), port: target.port };
      const container = containers.containers.find((one) => publishedAt(found, one) !== undefined)?.name ?? '';
      return { ...about, certainty: 'proved', severity: 'warning', seen: { kind: 'answered', afterMs: patience.watchedMs, container } };
    }
    if (refused === undefined || openAttempts(found).length > 0) return undefined;
    const about = { address: endpoint(refused.address, target.port), port: target.port };
    const afterMs = patience?.openedAfterMs ?? null;
    if (afterMs !== null) {
      if (!works(found)) return undefined;
      return { ...about, certainty: 'proved', severity: 'warning', seen: { kind: 'came-up', afterMs } };
    }
    const process = holder?.starting[0];
    // What became of its own start command says more than a process that resembles it.
    if (process === undefined || start !== undefined || !failsDirectly(found)) return undefined;
    // Seconds of silence speak against a server that is merely slow.
    return { ...about, certainty: patience === undefined ? 'likely' : 'possible', seen: { kind: 'starting', process } };
  },
  explain({ address, port, seen }) {
    if (seen.kind === 'starting') {
      return {
        summary: `Nothing listens on port ${port} yet, but ${seen.process.name} (pid ${seen.process.pid}) was started for it less than a minute ago.`,
        evidence: [`${address} refused the connection (ECONNREFUSED)`, `listens nowhere yet: ${processWords(seen.process)}`],
      };
    }
    const delay = `${Math.round(seen.afterMs)} ms`;
    if (seen.kind === 'answered') {
      return {
        summary: `The server in container ${seen.container} works, but answered only ${delay} after the first try: a client that starts at the same time is cut off.`,
        evidence: [
          `${address} accepted and closed the connection at first: nothing listened inside the container yet`,
          `${delay} later it completed the handshake`,
        ],
      };
    }
    return {
      summary: `The server works, but its port opened only ${delay} after the first try: a client that starts at the same time is refused.`,
      evidence: [`${address} refused the connection at first (ECONNREFUSED)`, `it opened ${delay} later and completed the handshake`],
    };
  },
  remedies({ seen }) {
    if (seen.kind === 'starting') {
      return [
        { kind: 'tell', title: 'Wait until the server prints that it listens, then diagnose again. If it never does, read its output.' },
      ];
    }
    return [
      { kind: 'tell', title: 'Reconnect the server in the client now (or reload the client): it is up. Most clients try only once.' },
      { kind: 'tell', title: 'Start the server first, wait until it prints that it listens, and only then start the client.' },
    ];
  },
  about: `A server needs time before it listens: packages are loaded, databases are opened. A client that starts together with it
meets a closed port (\`ECONNREFUSED\`), and most MCP clients do not try again.
mcpreach watches a refused local port for some seconds and measures when it opened and when the handshake was complete; or it
sees a young process whose command line names the port and which listens nowhere yet.
By hand: try again after a few seconds, and compare the server's start (\`ps -o lstart,args -p PID\`; \`Get-Process\` on Windows)
with the time of the client's error.`,
  refs: ['https://man7.org/linux/man-pages/man2/connect.2.html', 'https://github.com/modelcontextprotocol/typescript-sdk/issues/1708'],
  examples() {
    const refused = { dns: names('127.0.0.1'), tcp: tcp(attempt('127.0.0.1', 'refused')), ...NOTHING_AROUND };
    const starting = { ...NOTHING_AROUND.holder, starting: [{ ...EXAMPLE_PROCESS, command: 'node server.js --port 3000' }] };
    return {
      fires: [
        {
          title: 'it came up while it was watched',
          evidence: evidence(target(), { ...refused, patience: { watchedMs: 1900, openedAfterMs: 1850, handshake: ready() } }),
        },
        {
          title: 'the server in a container that was just started',
          evidence: evidence(target(), {
            ...refused,
            tcp: tcp(attempt('127.0.0.1', 'open')),
            direct: unfinished([failed('server/discover', { stage: 'head', reason: 'closed', code: 'ECONNRESET' })]),
            containers: publishing(runningContainer({ runningMs: 900, listening: { kind: 'measured', value: [] } })),
            patience: { watchedMs: 1900, openedAfterMs: 50, handshake: ready() },
          }),
        },
        { title: 'a young process names the port', evidence: evidence(target(), { ...refused, holder: starting }) },
        {
          title: 'a young process names the port and still listens nowhere after seconds',
          evidence: evidence(target(), {
            ...refused,
            holder: starting,
            patience: { watchedMs: 5000, openedAfterMs: null, handshake: null },
          }),
        },
      ],
      quiet: [
        {
          title: 'it was up at once',
          evidence: evidence(target(), { dns: refused.dns, tcp: tcp(attempt('127.0.0.1', 'open')), direct: ready() }),
        },
        {
          title: 'it never came up and nobody is starting',
          evidence: evidence(target(), { ...refused, patience: { watchedMs: 5000, openedAfterMs: null, handshake: null } }),
        },
      ],
    };
  },
});

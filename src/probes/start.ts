/** Runs the server's own start command, sees what becomes of it, and takes it down again. */
import type { Address, Evidence, Handshake, ListeningSocket, ServerFacts, StartEvidence } from '../model/evidence.ts';
import { maskForeign } from '../model/redact.ts';
import { addressesOf, isReady, lastExchange } from '../model/view.ts';
import { now, sleep, within } from '../system/clock.ts';
import { maskOutput, readEarlyEnd } from '../system/processes/early-end.ts';
import { startGroup } from '../system/processes/start-group.ts';
import type { ProcessGroup } from '../system/processes/start-group.ts';
import { isRecord, parseJson, readRpcResponse } from '../wire/json-rpc.ts';
import type { RpcResponse } from '../wire/json-rpc.ts';
import { initializeRequest } from '../wire/requests.ts';
import { handshakeAt } from './attempt.ts';
import type { ProbeContext } from './context.ts';
import { serverInfo } from './handshake-run.ts';
import { dialled, watchSockets } from './start-sockets.ts';
import type { StartSockets } from './start-sockets.ts';

/** A cold `npx` or `uvx` downloads first, which takes about ten seconds on a good line. */
const TOTAL_MS = 15_000;
/** Servers that open several ports do it within half a second. */
const SETTLE_MS = 500;
/** When a port elsewhere is no MCP server (a debugger, say), the real one may still follow. */
const ELSEWHERE_MS = 3_000;
/** A server alive for so long without any socket may be one that speaks on its standard output. */
const ASK_STDIO_MS = 3_000;
/** Many servers open the port before their routes are ready. */
const ROUTES_MS = 2_000;
/** Reading all sockets is cheap on Linux; elsewhere it starts a program. */
const POLL_MS = process.platform === 'linux' ? 50 : 500;
const SHOWN_LINES = 10;

interface Watch {
  readonly context: ProbeContext;
  readonly evidence: Evidence;
  readonly group: ProcessGroup;
  readonly sockets: StartSockets;
  readonly started: number;
  /** The answer on standard output, once there is one. */
  stdio(): RpcResponse | null;
}

/** Starts the command given with `--start` in a process group of its own; no process of it is left when this resolves. */
export async function probeStart(context: ProbeContext, evidence: Evidence): Promise<StartEvidence> {
  const started = now();
  const command = context.options.start ?? '';
  registerSecrets(context, command);
  const sockets = await watchSockets(addressesOf(evidence), evidence.target.port, context.signal);
  let answer: RpcResponse | null = null;
  const id = initializeRequest().id ?? '';
  const group = startGroup({
    command,
    environment: context.request.environment,
    onStdoutLine: (line) => {
      const response = readRpcResponse(parseJson(line), id);
      if (response?.id === id) answer = response;
    },
  });
  let outcome: StartEvidence['outcome'];
  try {
    outcome = await watch({ context, evidence, group, sockets, started: now(), stdio: () => answer });
  } finally {
    await group.end();
  }
  const shown = (lines: readonly string[]) => lines.slice(-SHOWN_LINES).map(maskOutput);
  return { command: maskForeign(command), outcome, stderr: shown(group.stderr()), stdout: shown(group.stdout()), ms: now() - started };
}

/** A secret of the command line may turn up again in what the command prints. */
function registerSecrets({ redact }: ProbeContext, command: string): void {
  const masked = maskForeign(command);
  for (const word of command.split(/[\s="']+/)) if (!masked.includes(word)) redact.add(word);
}

async function watch(run: Watch): Promise<StartEvidence['outcome']> {
  const { context, group, sockets } = run;
  let listeningSince: number | null = null;
  let elsewhere: Handshake | null = null;
  let tried = false;
  let asked = false;
  for (;;) {
    const response = run.stdio();
    if (response !== null) return { kind: 'stdio', server: stdioServer(response) };

    const exit = group.ended();
    const pids = group.pids();
    const mine = await sockets.mine(pids);
    const address = await sockets.reach(mine);
    if (address !== null) return targetOpened(run, address);
    // The shell's end is not the end: a command may put its server into the background.
    if (exit !== null && pids.length === 0) return earlyEnd(run);
    if (remainingMs(run) === 0) return mine.length === 0 ? { kind: 'silent' } : listensElsewhere(mine, elsewhere);

    if (mine.length > 0) {
      listeningSince ??= now();
      const since = now() - listeningSince;
      if (!tried && since >= SETTLE_MS) {
        tried = true;
        elsewhere = await handshakeElsewhere(run, mine);
      }
      if (isReady(elsewhere) || since >= ELSEWHERE_MS) return listensElsewhere(mine, elsewhere);
    } else if (!asked && now() - run.started >= ASK_STDIO_MS) {
      asked = true;
      group.writeStdin(`${initializeRequest().body}\n`);
    }
    await (exit === null ? within(group.exit, POLL_MS, null, context.signal) : sleep(POLL_MS, context.signal));
  }
}

function listensElsewhere(mine: readonly ListeningSocket[], handshake: Handshake | null): StartEvidence['outcome'] {
  const unique = new Map(mine.map(({ address, family, port, v6Only }) => [`${address} ${port}`, { address, family, port, v6Only }]));
  return { kind: 'elsewhere', sockets: [...unique.values()], handshake };
}

/** What is left of the start's own time; 0 also when the diagnosis is cancelled. */
function remainingMs({ context, started }: Watch): number {
  return context.signal.aborted ? 0 : Math.max(0, TOTAL_MS - (now() - started));
}

async function targetOpened(run: Watch, address: Address): Promise<StartEvidence['outcome']> {
  const { context, evidence, group } = run;
  const opened = now();
  for (;;) {
    const limitMs = Math.max(1, Math.min(remainingMs(run), context.options.answerMs));
    const handshake = await handshakeAt(context, evidence, address, { limitMs });
    if (isReady(handshake)) return { kind: 'answers', handshake };
    if (group.ended() !== null && group.pids().length === 0) return earlyEnd(run);
    // Waiting does not change a demand for credentials.
    const final = lastExchange(handshake)?.meaning === 'auth-required';
    if (final || now() - opened >= ROUTES_MS || remainingMs(run) === 0) {
      return { kind: handshake.result.kind === 'tools-failed' ? 'answers' : 'listens', handshake };
    }
    await sleep(POLL_MS, context.signal);
  }
}

/** The handshake with the first of these sockets that completes it, else with the first. */
async function handshakeElsewhere(run: Watch, mine: readonly ListeningSocket[]): Promise<Handshake | null> {
  const { context, evidence } = run;
  let first: Handshake | null = null;
  for (const socket of mine) {
    const address = dialled(socket);
    const url = new URL(context.request.url);
    url.port = String(socket.port);
    if (evidence.target.hostKind !== 'name') url.hostname = address.family === 6 ? `[${address.address}]` : address.address;
    // Credentials go to the host and port that the user named, and to no other.
    const headers = url.host === context.request.url.host ? {} : { headers: {} };
    const limitMs = Math.max(1, Math.min(remainingMs(run), ROUTES_MS));
    const handshake = await handshakeAt(context, evidence, address, { url, limitMs, ...headers });
    if (isReady(handshake)) return handshake;
    first ??= handshake;
  }
  return first;
}

function earlyEnd({ group }: Watch): StartEvidence['outcome'] {
  const exit = group.ended() ?? { code: null, signal: null, startError: null };
  const { early, detail } = readEarlyEnd({ ...exit, stderr: group.stderr(), stdout: group.stdout() });
  return { kind: 'ended', code: exit.code, signal: exit.signal, early, detail };
}

function stdioServer({ result }: RpcResponse): ServerFacts | null {
  if (!isRecord(result)) return null;
  const version = result['protocolVersion'];
  return { ...serverInfo(result), protocol: typeof version === 'string' ? version : '', era: 'legacy' };
}

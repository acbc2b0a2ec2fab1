import { endProcess, seePortOwner } from '../facts/commands.ts';
import { suggestPort } from '../facts/ports.ts';
import { defineCause, type MatchBase } from '../model/cause.ts';
import type { Evidence, PeekEvidence, ProcessFacts, StartEvidence } from '../model/evidence.ts';
import {
  answer,
  answered,
  attempt,
  evidence,
  EXAMPLE_PROCESS,
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
import {
  besideTarget,
  endpoint,
  failedWay,
  failsDirectly,
  holderProcess,
  isLocal,
  openAttempts,
  otherServers,
  processWords,
  takenPorts,
} from '../model/view.ts';
import type { Remedy } from '../model/remedy.ts';
import { answersAsStranger, isNamedMcp, OTHER_PROTOCOLS, strangerName } from '../model/strangers.ts';

interface Args extends MatchBase {
  readonly port: number;
  readonly address: string;
  /** What the holder showed itself to be, with an article; null when it said nothing of the kind. */
  readonly identity: string | null;
  readonly facts: readonly string[];
  readonly owner: ProcessFacts | null;
  /** A port that nobody holds. */
  readonly free: number;
  /** The URL by which the right server was reached behind the other program. */
  readonly url: string | null;
}

/** Another program holds the port. */
export const cause = defineCause({
  id: 'port-in-use',
  group: 'process',
  title: 'Another program holds the port',
  layer: 'tcp',
  severity: 'error',
  needs: [],
  hiddenBy: [
    'crash-on-boot',
    'wrong-port',
    'wrong-path',
    'wrong-scheme',
    'ipv6-localhost',
    'bound-to-loopback',
    'wrong-host',
    'stream-buffered',
    'sse-legacy',
  ],
  match(found): Args | undefined {
    const { target, start } = found;
    if (!failsDirectly(found) || !isLocal(found)) return undefined;
    const owner = holderProcess(found) ?? null;
    const address = openAttempts(found)[0]?.address ?? found.tcp?.attempts[0]?.address ?? target.host;
    const base = {
      port: target.port,
      address: endpoint(address, target.port),
      owner,
      free: suggestPort(target.port, takenPorts(found)),
      url: null,
    };
    if (start?.outcome.kind === 'ended' && start.outcome.early === 'address-in-use') {
      const said = start.outcome.detail ?? 'the address is already in use (EADDRINUSE)';
      return {
        ...base,
        certainty: 'proved',
        identity: strangerName(found),
        facts: [`the server's own start ended with: ${said}`, ...answerFacts(found)],
      };
    }
    if (openAttempts(found).length === 0) return undefined;
    const beside = besideTarget(found);
    if (beside?.ready && !isSameProcess(found, address, beside.address)) {
      const facts = [...answerFacts(found), `${endpoint(beside.address, target.port)} completes the MCP handshake`];
      return { ...base, certainty: 'proved', identity: strangerName(found), facts, url: beside.url };
    }
    const identity = strangerName(found);
    // An MCP server at an unusual path answers everything else like a stranger; its command line tells.
    if (owner === null || !answersAsStranger(found) || (identity === null && isNamedMcp(owner))) return undefined;
    // A path that gave no answer in time might have been the right one.
    const guess = found.paths?.tried.some(({ meaning }) => meaning === 'no-answer') === true ? 'possible' : 'likely';
    return { ...base, certainty: identity === null ? guess : 'proved', identity, facts: answerFacts(found) };
  },
  explain({ port, address, identity, facts, owner, url }) {
    const who = [identity, owner === null ? null : `${owner.name} (pid ${owner.pid})`].filter((one) => one !== null);
    const holder = who.length === 0 ? 'another program' : who.join(', ');
    return {
      summary:
        url === null
          ? `Port ${port} is held by another program, not by the MCP server: ${holder}.`.replace(': another program.', '.')
          : `${address} is held by another program; the MCP server answers at ${new URL(url).host}.`,
      evidence: [...facts, ...(owner === null ? [] : [`the port's owner: ${processWords(owner)}`])],
    };
  },
  remedies({ port, owner, identity, url, free }, { platform }) {
    const steps: Remedy[] =
      url === null ? [] : [{ kind: 'edit', title: 'Use the address at which the server answers:', field: 'url', value: url }];
    steps.push({ kind: 'run', title: 'See who holds the port:', command: seePortOwner(platform, port) });
    steps.push({
      kind: 'tell',
      title: `Start the MCP server on a free port of its own, for example ${free}, and write that port into the URL.`,
    });
    if (identity === 'the AirPlay receiver of macOS') {
      steps.push({ kind: 'tell', title: 'Or free the port: System Settings, General, AirDrop & Handoff, AirPlay Receiver.' });
    } else if (owner !== null && /docker|podman|conmon/.test(owner.name)) {
      steps.push({ kind: 'run', title: 'A container holds it; find out which one:', command: `docker ps --filter publish=${port}` });
    } else if (owner !== null && url === null) {
      steps.push({ kind: 'run', title: 'If that program is not needed any more, end it:', command: endProcess(platform, owner.pid) });
    }
    return steps;
  },
  about: `Only one program can listen on one address and port. When another one was first (a development server, a forgotten older copy, a
database), the MCP server ends with \`EADDRINUSE\` or moves to another port, and the client talks to a stranger.
mcpreach looks at what the port says (start page, headers, banner), asks all usual paths for MCP, and reads from the system which process
holds the port. A server on the other address family of the same port is looked for as well.
By hand: \`ss -ltnp 'sport = :3000'\` (Linux), \`lsof -nP -iTCP:3000 -sTCP:LISTEN\` (macOS),
\`Get-NetTCPConnection -State Listen -LocalPort 3000\` (Windows), and open the address in a browser.`,
  refs: ['https://man7.org/linux/man-pages/man2/bind.2.html', 'https://nodejs.org/api/errors.html#common-system-errors'],
  examples,
});

function answerFacts(found: Evidence): readonly string[] {
  const { peek, paths } = found;
  const facts: string[] = [];
  const last = failedWay(found)?.last;
  if (last?.answer) facts.push(`${last.url} answered HTTP ${last.answer.status}, ${last.answer.body.kind}, no MCP`);
  for (const { address, port, speaks, banner } of peek ?? []) {
    if (OTHER_PROTOCOLS[speaks] !== undefined)
      facts.push(`${endpoint(address, port)} is ${OTHER_PROTOCOLS[speaks]}${banner === null ? '' : `: ${banner}`}`);
  }
  if (paths?.home) {
    const { status, kind, server, product } = paths.home;
    facts.push(
      `GET / gives HTTP ${status}, ${kind}${server === null ? '' : `, server ${server}`}${product === null ? '' : `: ${product}`}`,
    );
  }
  if (paths !== undefined && paths.found === null) facts.push(`no MCP at ${paths.tried.length} other usual paths`);
  return [...facts, ...otherServers(found)];
}

/** Whether the system says that one process holds both addresses: then neither is a stranger. */
function isSameProcess({ holder }: Evidence, one: string, other: string): boolean {
  const pidAt = (address: string) =>
    holder?.holders.flatMap(({ socket, owner }) => (socket.address === address && owner.kind === 'measured' ? [owner.value.pid] : []))[0];
  const pid = pidAt(one);
  return pid !== undefined && pid === pidAt(other);
}

function examples() {
  const owned = holder({
    socket: listener('127.0.0.1'),
    owner: { kind: 'measured', value: { ...EXAMPLE_PROCESS, command: 'node app.js' } },
  });
  const open = {
    dns: names('127.0.0.1'),
    tcp: tcp(attempt('127.0.0.1', 'open')),
    ...NOTHING_AROUND,
    machine: machine(listener('127.0.0.1')),
    holder: owned,
  };
  const page = answer(404, { headers: { 'content-type': 'text/html' }, body: { kind: 'html', bytes: 900, excerpt: 'Not Found' } });
  const dev = unfinished([answered('server/discover', 'not-found', page)]);
  const tried = [
    { path: '/sse', meaning: 'not-found' as const },
    { path: '/', meaning: 'not-found' as const },
  ];
  const vite = { tried, found: null, home: { status: 200, kind: 'html' as const, server: null, product: 'a Vite dev server' } };
  const api = { tried, found: null, home: { status: 404, kind: 'json' as const, server: 'uvicorn', product: null } };
  const started = (detail: string): StartEvidence => ({
    command: 'node server.js',
    outcome: { kind: 'ended', code: 1, signal: null, early: 'address-in-use', detail },
    stderr: [detail],
    stdout: [],
    ms: 90,
  });
  const ssh: PeekEvidence = { address: '127.0.0.1', port: 3000, speaks: 'ssh', banner: 'SSH-2.0-OpenSSH_9.6', ms: 2 };
  const mute = unfinished([failed('server/discover', { stage: 'head', reason: 'not-http', code: 'HPE_INVALID_CONSTANT' })]);
  return {
    fires: [
      { title: 'a development server answers', evidence: evidence(target(), { ...open, direct: dev, paths: vite }) },
      { title: 'another API answers', evidence: evidence(target(), { ...open, direct: dev, paths: api }) },
      { title: 'an SSH server holds the port', evidence: evidence(target(), { ...open, direct: mute, peek: [ssh] }) },
      {
        title: "the server's own start says EADDRINUSE",
        evidence: evidence(target(), {
          ...open,
          direct: dev,
          paths: api,
          start: started('Error: listen EADDRINUSE: address already in use 127.0.0.1:3000'),
        }),
      },
      {
        title: 'a stranger on the family that is dialled first, the server on the other',
        evidence: evidence(target(), {
          ...open,
          dns: names('::1', '127.0.0.1'),
          tcp: tcp(attempt('::1', 'open'), attempt('127.0.0.1', 'open')),
          direct: dev,
          paths: vite,
          siblings: { attempts: [], handshakes: [ready()] },
        }),
      },
    ],
    quiet: [
      { title: 'the server answers', evidence: evidence(target(), { ...open, direct: ready() }) },
      {
        title: 'MCP at another path of the same server',
        evidence: evidence(target(), { ...open, direct: dev, paths: { ...api, found: { path: '/sse', handshake: ready() } } }),
      },
      {
        title: 'an MCP server at an unusual path',
        evidence: evidence(target(), {
          ...open,
          direct: dev,
          paths: api,
          holder: holder({
            socket: listener('127.0.0.1'),
            owner: { kind: 'measured', value: { ...EXAMPLE_PROCESS, command: 'node my-mcp.js' } },
          }),
        }),
      },
      { title: 'the owner cannot be known', evidence: evidence(target(), { ...open, direct: dev, paths: api, holder: holder() }) },
    ],
  };
}

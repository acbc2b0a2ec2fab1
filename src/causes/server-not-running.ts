import { defineCause, type MatchBase } from '../model/cause.ts';
import { attempt, evidence, holder, listener, machine, names, NOTHING_AROUND, ready, target, tcp } from '../model/examples.ts';
import { endpoint, isLocal, usesProxy, works } from '../model/view.ts';

interface Args extends MatchBase {
  readonly port: number;
  readonly refused: readonly string[];
  readonly local: boolean;
  readonly looked: readonly string[];
  /** The start command that was seen to bring it up, if one was given. */
  readonly startsWith: string | null;
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
    const { tcp, target, machine, siblings, ports, patience, start } = found;
    if (works(found) || usesProxy(found)) return undefined;
    const refused = tcp.attempts.filter(({ outcome }) => outcome === 'refused');
    if (refused.length === 0 || refused.length < tcp.attempts.length) return undefined;
    const local = isLocal(found);
    const looked: string[] = [];
    if (machine?.sockets.kind === 'measured') looked.push(`none of the ${machine.sockets.value.length} listening sockets of this machine has port ${target.port}`);
    if (machine?.sockets.kind === 'not-measured') looked.push(`the listening sockets of this machine could not be read: ${machine.sockets.why}`);
    for (const { address, outcome } of siblings?.attempts ?? []) looked.push(`${endpoint(address, target.port)} ${outcome}`);
    if (ports !== undefined) looked.push(`${ports.looked} other listening ports asked, none speaks MCP${ports.ownedByOthers.length > 0 ? ' (ports of other targets left out)' : ''}`);
    if (patience !== undefined) looked.push(`watched for ${(patience.watchedMs / 1000).toFixed(1)} s, refused all the time`);
    const started = start?.outcome.kind === 'answers';
    return {
      certainty: started ? 'proved' : local && machine?.sockets.kind === 'measured' ? 'proved' : 'likely',
      port: target.port,
      refused: refused.map(({ address, port }) => endpoint(address, port)),
      local,
      looked,
      startsWith: started ? start.command : null,
    };
  },
  explain({ port, refused, local, looked, startsWith }) {
    const where = local ? 'on this machine' : 'there';
    return {
      summary: startsWith === null ? `Nothing listens on port ${port} ${where}: the server is not running.` : `The server is not running; started with its own command, it answers.`,
      evidence: [`${refused.join(' and ')} refused the connection (ECONNREFUSED)`, ...looked],
    };
  },
  remedies({ startsWith, local }) {
    if (startsWith !== null) return [{ kind: 'run', title: 'Start the server:', command: startsWith }];
    if (!local) return [{ kind: 'tell', title: 'Start the server on that machine, or check host and port.' }];
    return [
      { kind: 'tell', title: 'Start the server, and read what it prints: if it ends at once, that is the reason.' },
      { kind: 'tell', title: "Let mcpreach start it and read its output: mcpreach doctor URL --start 'COMMAND'" },
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

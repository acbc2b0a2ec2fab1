import { defineCause, type MatchBase } from '../model/cause.ts';
import { attempt, evidence, EXAMPLE_SERVER, names, NOTHING_AROUND, target, tcp } from '../model/examples.ts';
import { works } from '../model/view.ts';

interface Args extends MatchBase {
  readonly command: string;
  readonly server: string | null;
  readonly display: string;
  readonly port: number;
}

/** The server speaks over its standard input and output, and a URL was configured. */
export const cause = defineCause({
  id: 'wrong-transport',
  group: 'http',
  title: 'The server speaks another transport',
  layer: 'process',
  severity: 'error',
  needs: ['start'],
  hiddenBy: [],
  match(found): Args | undefined {
    const { start, target } = found;
    if (works(found) || start.outcome.kind !== 'stdio') return undefined;
    const { server } = start.outcome;
    return { certainty: 'proved', command: start.command, server: server?.name ?? null, display: target.display, port: target.port };
  },
  explain({ command, server, display, port }) {
    return {
      summary: `${server ?? 'The server'} speaks MCP over standard input and output and listens on no port, so ${display} can never answer.`,
      evidence: [
        `started with \`${command}\`, it answered the handshake on its standard output`,
        `it listens on no port, and nothing listens on port ${port}`,
      ],
    };
  },
  remedies({ command }) {
    return [
      { kind: 'tell', title: `Configure it as a command instead of a URL; the command is: ${command}` },
      { kind: 'tell', title: "Or start it with its option for HTTP, if it has one (look in its --help for 'http' or 'transport')." },
    ];
  },
  about: `MCP servers speak either over their standard input and output, started by the client itself, or over HTTP, started by somebody else.
A server of the first kind has no port: a URL for it is refused whether it runs or not.
mcpreach starts the given command, finds no listening socket, and gets the handshake answered on standard output.
By hand: the server's own output often says "running on stdio".`,
  refs: ['https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#stdio'],
  examples() {
    const refused = { dns: names('127.0.0.1'), tcp: tcp(attempt('127.0.0.1', 'refused')), ...NOTHING_AROUND };
    const base = { command: 'npx -y @example/server', stderr: ['Server running on stdio'], stdout: [], ms: 900 };
    return {
      fires: [
        {
          title: 'it answers on standard output',
          evidence: evidence(target(), { ...refused, start: { ...base, outcome: { kind: 'stdio', server: EXAMPLE_SERVER } } }),
        },
      ],
      quiet: [
        {
          title: 'it ends before it says anything',
          evidence: evidence(target(), {
            ...refused,
            start: { ...base, outcome: { kind: 'ended', code: 1, signal: null, early: 'error', detail: null } },
          }),
        },
      ],
    };
  },
});

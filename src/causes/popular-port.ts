import { POPULAR_PORTS, suggestPort } from '../facts/ports.ts';
import { defineCause, type MatchBase } from '../model/cause.ts';
import { attempt, evidence, names, ready, target, tcp } from '../model/examples.ts';
import { isLocal } from '../model/view.ts';

interface Args extends MatchBase {
  readonly port: number;
  readonly users: string;
}

/** The port is one that development servers take by default. */
export const cause = defineCause({
  id: 'popular-port',
  group: 'advice',
  title: 'Many development servers want this port',
  layer: 'tcp',
  severity: 'advice',
  needs: [],
  hiddenBy: [],
  match(found): Args | undefined {
    const { port } = found.target;
    const users = POPULAR_PORTS[port];
    return users === undefined || !isLocal(found) ? undefined : { certainty: 'proved', port, users };
  },
  explain({ port, users }) {
    return {
      summary: `Port ${port} is a default of other programs too: whichever starts first takes it.`,
      evidence: [`port ${port} is used by default by ${users}`],
    };
  },
  remedies({ port }) {
    return [
      {
        kind: 'tell',
        title: `Give the server a port that nothing else uses by default, for example ${suggestPort(port)}, and change the URL.`,
      },
    ];
  },
  about: `Development servers share a handful of default ports. An MCP server on one of them works until a web project is started first; then it
ends with \`EADDRINUSE\` or moves, and the client reaches a stranger.
mcpreach compares the port with a list of well-known defaults. Ports between 10000 and 32767 that no common program uses are a good choice:
above them systems take ports for outgoing connections.
By hand: \`ss -ltnp\` (Linux), \`lsof -nP -iTCP -sTCP:LISTEN\` (macOS), \`Get-NetTCPConnection -State Listen\` (Windows) show who has the port now.`,
  refs: ['https://www.rfc-editor.org/rfc/rfc6335#section-6', 'https://man7.org/linux/man-pages/man7/ip.7.html'],
  examples() {
    const at = (port: number) => ({ dns: names('127.0.0.1'), tcp: tcp(attempt('127.0.0.1', 'open', port)), direct: ready() });
    return {
      fires: [{ title: 'port 3000 of this machine', evidence: evidence(target(), at(3000)) }],
      quiet: [
        { title: 'port 13000', evidence: evidence(target('http://localhost:13000/mcp'), at(13_000)) },
        {
          title: 'port 3000 of another machine',
          evidence: evidence(target('http://192.0.2.9:3000/mcp'), { tcp: tcp(attempt('192.0.2.9', 'open')), direct: ready() }),
        },
      ],
    };
  },
});

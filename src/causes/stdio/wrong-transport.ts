import { defineStdioCause, type MatchBase } from '../../model/cause.ts';
import type { Remedy } from '../../model/remedy.ts';
import {
  executable,
  notStarted,
  silent,
  STDIO_SILENT,
  STDIO_WORKS,
  stdioEvidence,
  stdioFailed,
  stdioTarget,
} from '../../model/stdio-examples.ts';
import { programOf, stdioWorks } from '../../model/stdio-view.ts';
import type { ListeningEvidence } from '../../model/stdio.ts';

interface Args extends MatchBase {
  readonly program: string;
  /** The address by which it is to be reached; null when only a socket or a line shows that it listens. */
  readonly url: string | null;
  readonly transport: 'http' | 'sse' | null;
  readonly server: string | null;
  readonly facts: readonly string[];
  readonly isAddress: boolean;
}

/** An HTTP server is configured as a command. */
export const cause = defineStdioCause({
  id: 'wrong-transport',
  group: 'http',
  title: 'The server speaks another transport',
  layer: 'mcp',
  severity: 'error',
  needs: ['spawn'],
  hiddenBy: ['cwd-missing'],
  match(evidence): Args | undefined {
    const { target, spawn, listening } = evidence;
    if (stdioWorks(evidence)) return undefined;
    const program = programOf(target.command);
    if (/^https?:\/\//i.test(target.command))
      return {
        certainty: 'proved',
        layer: 'process',
        program,
        url: target.command,
        transport: 'http',
        server: null,
        facts: [`the command is ${target.command}`],
        isAddress: true,
      };
    if (!listening || spawn.firstMessageMs !== null) return undefined;
    const { sockets, banner, endpoint, url } = listening;
    const facts = [
      ...(endpoint === null ? [] : [`${endpoint.url} completed an MCP handshake`]),
      ...(sockets.length === 0
        ? []
        : [
            `its process listens on ${sockets.map(({ address, port }) => `${address.includes(':') ? `[${address}]` : address}:${port}`).join(', ')}`,
          ]),
      ...(banner === null ? [] : [`${banner.stream}: ${banner.line}`]),
      'nothing came on standard output that is an MCP message',
    ];
    return {
      certainty: endpoint !== null ? 'proved' : sockets.length > 0 ? 'likely' : 'possible',
      program,
      url: endpoint?.url ?? url,
      transport: endpoint?.transport ?? null,
      server: endpoint?.server.name ?? null,
      facts,
      isAddress: false,
    };
  },
  explain({ program, url, server, facts, isAddress }) {
    if (isAddress)
      return {
        summary: `The command is an address (${url}); a server with an address is configured by url, not by command.`,
        evidence: facts,
      };
    return {
      summary: `${server ?? program} is started as a stdio server, but it is an HTTP server${url === null ? '' : ` at ${url}`}.`,
      evidence: facts,
    };
  },
  remedies({ url, transport, isAddress }): readonly Remedy[] {
    const type = transport === 'sse' ? 'sse' : 'http';
    return [
      ...(url === null
        ? []
        : [
            {
              kind: 'edit' as const,
              title: `Replace command and args in the entry by the address, of type ${type}${isAddress ? '' : ', and start the server by itself'}:`,
              field: 'url' as const,
              value: url,
            },
          ]),
      ...(isAddress
        ? []
        : [
            {
              kind: 'tell' as const,
              title: 'Or start it in stdio mode, if it has one: often --stdio, --transport stdio, or a variable such as TRANSPORT=stdio.',
            },
          ]),
    ];
  },
  about: `A client that is given a command starts it and speaks over its standard input and output. An HTTP server started that way opens a
port, prints where it listens, and never answers on standard output, so that the client waits until its limit.
mcpreach looks at the sockets of the started processes, reads their banner, and tries the MCP handshake there.
By hand: run the command; "listening on port" is an HTTP server, while a stdio server waits in silence.`,
  refs: ['https://modelcontextprotocol.io/specification/2025-11-25/basic/transports'],
  examples() {
    const listening = (more: Partial<ListeningEvidence>): ListeningEvidence => ({
      sockets: [],
      banner: null,
      url: 'http://localhost:3001/mcp',
      endpoint: null,
      ...more,
    });
    const at = (facet: ListeningEvidence) => stdioEvidence(stdioTarget('node http-server.js'), { ...STDIO_SILENT, listening: facet });
    const socket = { address: '127.0.0.1', family: 4 as const, port: 3001, v6Only: null };
    const banner = { line: 'MCP server listening on http://localhost:3001/mcp', stream: 'stderr' as const };
    return {
      fires: [
        {
          title: 'an HTTP server as a command',
          evidence: at(
            listening({
              sockets: [socket],
              banner,
              endpoint: {
                url: 'http://localhost:3001/mcp',
                transport: 'http',
                server: { name: 'everything', version: '1.0.0', protocol: '2025-11-25', era: 'legacy' },
              },
            }),
          ),
        },
        { title: 'it listens and does not answer there', evidence: at(listening({ sockets: [socket] })) },
        { title: 'it only says that it listens', evidence: at(listening({ banner })) },
        {
          title: 'an address in the command field',
          evidence: stdioEvidence(stdioTarget('http://localhost:3000/mcp'), {
            executable: executable({ kind: 'missing', folders: 0 }),
            spawn: notStarted('ENOENT'),
            handshake: stdioFailed({ kind: 'ended' }),
          }),
        },
      ],
      quiet: [
        {
          title: 'it works, with a port of its own beside',
          evidence: stdioEvidence(stdioTarget(), { ...STDIO_WORKS, listening: listening({ sockets: [socket] }) }),
        },
        {
          title: 'it answers on standard output',
          evidence: stdioEvidence(stdioTarget(), {
            spawn: silent({ firstMessageMs: 30 }),
            handshake: stdioFailed({ kind: 'timed-out' }),
            listening: listening({ banner }),
          }),
        },
      ],
    };
  },
});

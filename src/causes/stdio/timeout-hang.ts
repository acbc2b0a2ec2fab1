import { defineStdioCause, type MatchBase } from '../../model/cause.ts';
import type { Remedy } from '../../model/remedy.ts';
import {
  running,
  silent,
  STDIO_SILENT,
  STDIO_WORKS,
  stdioEvidence,
  stdioFailed,
  stdioTarget,
  stdioToolsFailed,
} from '../../model/stdio-examples.ts';
import { endedEarly, lastStdioExchange, lastWords, layerOf, programOf, timeWords } from '../../model/stdio-view.ts';

interface Args extends MatchBase {
  readonly program: string;
  readonly command: string;
  readonly request: string;
  readonly ms: number;
  readonly isSilent: boolean;
  readonly facts: readonly string[];
}

/** The server runs and does not answer. */
export const cause = defineStdioCause({
  id: 'timeout-hang',
  group: 'http',
  title: 'The server accepts and never answers',
  layer: 'mcp',
  severity: 'error',
  needs: ['spawn', 'handshake'],
  hiddenBy: ['cwd-missing', 'wrong-transport', 'stdout-pollution', 'missing-env', 'backend-unreachable', 'timeout-slow-start'],
  match(evidence): Args | undefined {
    const { spawn, target, download, handshake } = evidence;
    const last = lastStdioExchange(evidence);
    if (last === undefined || endedEarly(evidence) || (last.outcome.kind !== 'timed-out' && last.outcome.kind !== 'cancelled'))
      return undefined;
    const facts = [
      spawn.firstOutputMs === null ? 'nothing came on standard output' : `first output after ${timeWords(spawn.firstOutputMs)}`,
      ...spawn.foreign.lines.slice(0, 2).map(({ text }) => `stdout: ${text}`),
      ...lastWords(spawn, 3),
      ...(download
        ? [`${download.tool} was at work alone, with the last sign of progress ${timeWords(download.lastSignMs)} after the start`]
        : []),
    ];
    return {
      // Who was asked for a shorter wait than the client's own has not seen a hang yet.
      certainty: last.outcome.kind === 'cancelled' ? 'possible' : handshake.ms < target.limitMs ? 'likely' : 'proved',
      layer: layerOf(evidence),
      program: programOf(target.command),
      command: target.display,
      request: last.request,
      ms: last.ms,
      isSilent: spawn.firstOutputMs === null && spawn.stderr.length === 0,
      facts,
    };
  },
  explain({ program, request, ms, facts }) {
    return { summary: `${program} runs, but did not answer ${request} within ${timeWords(ms)}.`, evidence: facts };
  },
  remedies({ command, isSilent, request }): readonly Remedy[] {
    return [
      ...(isSilent && request === 'initialize'
        ? [
            {
              kind: 'tell' as const,
              title:
                'Check that the command is the MCP server and speaks stdio; many servers need --stdio, a subcommand, or `docker run -i` to read standard input.',
            },
          ]
        : [
            {
              kind: 'tell' as const,
              title: 'Look at its last words above: it waits for something (a sign-in, a database, a lock) before it answers.',
            },
          ]),
      { kind: 'run', title: 'Run it by hand to see what it waits for:', command },
    ];
  },
  about: `The process lives, takes the request on its standard input, and does not answer within three times the client's own limit: it waits
for a sign-in or a backend, does not read its input at all (\`docker run\` without \`-i\`), keeps its output in a buffer, or is no MCP server.
Clients show \`MCP error -32001: Request timed out\`.
mcpreach waits, watches the process tree for downloads and sockets, and reads its standard error.
By hand: run the command and type the initialize message.`,
  refs: ['https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle#timeouts'],
  examples() {
    return {
      fires: [
        { title: 'it never answers', evidence: stdioEvidence(stdioTarget('node server.js'), STDIO_SILENT) },
        {
          title: 'a banner, and then silence',
          evidence: stdioEvidence(stdioTarget('node server.js'), {
            spawn: silent({ firstOutputMs: 50, foreign: { count: 1, lines: [{ kind: 'text', text: 'Connecting ...', atMs: 50 }] } }),
            handshake: stdioFailed({ kind: 'timed-out' }),
          }),
        },
        {
          title: 'the tool list never comes',
          evidence: stdioEvidence(stdioTarget('node server.js'), { spawn: running(), handshake: stdioToolsFailed({ kind: 'timed-out' }) }),
        },
        {
          title: 'a download that stands still',
          evidence: stdioEvidence(stdioTarget(), {
            ...STDIO_SILENT,
            download: { tool: 'npm', running: false, lastSignMs: 2000, bytes: 90_000, signs: [] },
          }),
        },
      ],
      quiet: [
        { title: 'it works', evidence: stdioEvidence(stdioTarget(), STDIO_WORKS) },
        {
          title: 'still downloading',
          evidence: stdioEvidence(stdioTarget(), {
            ...STDIO_SILENT,
            handshake: stdioFailed({ kind: 'ended' }),
            download: { tool: 'npm', running: true, lastSignMs: 29_500, bytes: 9_000_000, signs: [] },
          }),
        },
      ],
    };
  },
});

import { defineStdioCause, type MatchBase } from '../../model/cause.ts';
import type { Remedy } from '../../model/remedy.ts';
import { GUI_CLIENT, running, STDIO_SILENT, STDIO_WORKS, stdioEvidence, stdioReady, stdioTarget } from '../../model/stdio-examples.ts';
import { clientWords, endedEarly, isStdioLate, lastStdioExchange, programOf, timeWords } from '../../model/stdio-view.ts';
import type { DownloadEvidence } from '../../model/stdio.ts';

interface Args extends MatchBase {
  readonly program: string;
  readonly command: string;
  readonly client: string;
  readonly limitMs: number;
  /** When it answered; null when it was still being fetched. */
  readonly readyMs: number | null;
  readonly waitedMs: number;
  readonly download: DownloadEvidence | null;
}

/** The server answers, but later than the client waits. */
export const cause = defineStdioCause({
  id: 'timeout-slow-start',
  group: 'http',
  title: 'The server answers later than the client waits',
  layer: 'mcp',
  severity: 'error',
  needs: ['handshake'],
  hiddenBy: [],
  match(evidence): Args | undefined {
    const { target, handshake, download } = evidence;
    const base = {
      program: programOf(target.command),
      command: target.display,
      client: clientWords(evidence),
      limitMs: target.limitMs,
      readyMs: handshake.readyMs,
      waitedMs: handshake.ms,
      download: download ?? null,
    };
    // Of a bare command line only the usual limit is known.
    if (isStdioLate(evidence)) return { ...base, certainty: target.client === null ? 'likely' : 'proved' };
    const waits = lastStdioExchange(evidence)?.outcome.kind === 'timed-out' && !endedEarly(evidence);
    return waits && handshake.result.kind === 'failed' && download?.running ? { ...base, certainty: 'likely' } : undefined;
  },
  explain({ program, client, limitMs, readyMs, waitedMs, download }) {
    const summary =
      readyMs === null
        ? `${program} was still being fetched after ${timeWords(waitedMs)}; ${client} waits ${timeWords(limitMs)}.`
        : `The server answers after ${timeWords(readyMs)}; ${client} waits ${timeWords(limitMs)}.`;
    const fetched =
      download === null
        ? []
        : [
            `${download.tool} was fetching it first${download.bytes === null ? '' : ` (${Math.round(download.bytes / 1024)} kB written)`}`,
            ...download.signs,
          ];
    return {
      summary,
      evidence: [
        ...(client === 'a client' ? ['clients wait between 5 s (OpenCode) and 60 s; 10 s is assumed'] : []),
        ...fetched,
        ...(download !== null && readyMs !== null ? ['the next start finds it in the cache and may be in time'] : []),
      ],
    };
  },
  remedies({ program, command, readyMs, limitMs, download }): readonly Remedy[] {
    const seconds = Math.ceil(((readyMs ?? limitMs * 3) * 1.5) / 1000);
    const install: Readonly<Record<string, string>> = {
      npx: 'Install the package once (npm install -g PACKAGE) and start its own command instead of npx.',
      uvx: 'Install the tool once (uv tool install PACKAGE) and start its own command instead of uvx.',
      docker: 'Fetch the image once with docker pull, before the client starts it.',
    };
    const fixed = install[program];
    return [
      ...(download === null
        ? []
        : [
            {
              kind: 'run' as const,
              title: 'Let it finish fetching once by hand; later starts come from the cache (end it with Ctrl+C):',
              command,
            },
          ]),
      ...(fixed === undefined ? [] : [{ kind: 'tell' as const, title: fixed }]),
      {
        kind: 'tell',
        title: `Raise the client's start-up limit for this server to about ${seconds} s, where the client has such a setting.`,
      },
    ];
  },
  about: `The server does answer, but only after the client has given up: \`npx\`, \`uvx\` and \`docker run\` fetch a package or image first, or the
server loads models or indexes before it answers. The next start may be quick, which makes the fault come and go.
mcpreach waits up to three times as long as the client, and looks in the process tree for installers at work, so that a download is told
from a hang.
By hand: run the command twice and compare how long it takes until it waits.`,
  refs: ['https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle#timeouts', 'https://docs.npmjs.com/cli/commands/npx'],
  examples() {
    const download: DownloadEvidence = { tool: 'npm', running: true, lastSignMs: 29_800, bytes: 9_000_000, signs: [] };
    return {
      fires: [
        {
          title: 'fifteen seconds against ten',
          evidence: stdioEvidence(stdioTarget('node server.js'), { spawn: running(), handshake: stdioReady({ readyMs: 15_000 }) }),
        },
        {
          title: 'the first start downloads',
          evidence: stdioEvidence(stdioTarget(), {
            spawn: running(),
            handshake: stdioReady({ readyMs: 14_000 }),
            download: { ...download, running: false, lastSignMs: 11_000 },
          }),
        },
        { title: 'still downloading when the time is up', evidence: stdioEvidence(stdioTarget(), { ...STDIO_SILENT, download }) },
      ],
      quiet: [
        { title: 'it works', evidence: stdioEvidence(stdioTarget(), STDIO_WORKS) },
        {
          title: 'slow, but within what this client waits',
          evidence: stdioEvidence(stdioTarget('x', { client: GUI_CLIENT, limitMs: 60_000 }), {
            spawn: running(),
            handshake: stdioReady({ readyMs: 15_000 }),
          }),
        },
        { title: 'it never answers', evidence: stdioEvidence(stdioTarget(), STDIO_SILENT) },
      ],
    };
  },
});

import { defineStdioCause, type MatchBase } from '../../model/cause.ts';
import type { Remedy } from '../../model/remedy.ts';
import {
  ended,
  running,
  silent,
  STDIO_SILENT,
  STDIO_WORKS,
  stdioEvidence,
  stdioFailed,
  stdioReady,
  stdioTarget,
} from '../../model/stdio-examples.ts';
import { endedEarly, isStdioLate, programOf, stdioWorks, timeWords } from '../../model/stdio-view.ts';
import type { ForeignLine, SpawnEvidence } from '../../model/stdio.ts';

interface Args extends MatchBase {
  readonly count: number;
  readonly lines: readonly ForeignLine[];
  /** The kind that lost a message; null when the messages got through. */
  readonly fatal: Exclude<ForeignLine['kind'], 'text' | 'json'> | 'flood' | 'nothing-else' | null;
  readonly program: string;
}

/** Kinds of foreign output in which a message was lost. */
const FATAL = ['too-long', 'header', 'byte-order-mark', 'glued', 'spread', 'echo'] as const;

/** Something besides protocol messages is printed on standard output. */
export const cause = defineStdioCause({
  id: 'stdout-pollution',
  group: 'stdio',
  title: 'Standard output carries more than protocol messages',
  layer: 'mcp',
  severity: 'error',
  needs: ['spawn', 'handshake'],
  hiddenBy: ['wrong-transport', 'crash-on-boot', 'backend-unreachable', 'missing-env', 'timeout-slow-start'],
  match(evidence): Args | undefined {
    const { spawn, handshake, target } = evidence;
    const { count, lines } = spawn.foreign;
    if (count === 0) return undefined;
    const base = { count, lines, program: programOf(target.command) };
    const flooded = handshake.exchanges.some(({ outcome }) => outcome.kind === 'flooded');
    const answered = spawn.firstMessageMs !== null && handshake.result.kind !== 'failed';
    if (stdioWorks(evidence) || answered || isStdioLate(evidence))
      return { ...base, certainty: 'proved', severity: 'warning', fatal: null };
    if (flooded) return { ...base, certainty: 'proved', fatal: 'flood' };
    if (endedEarly(evidence)) return undefined;
    const kind = FATAL.find((one) => lines.some((line) => line.kind === one));
    if (kind !== undefined && spawn.firstMessageMs === null) return { ...base, certainty: 'proved', fatal: kind };
    // Text and nothing else, and then silence: a banner before a hang, or a program that is no MCP server.
    return spawn.firstMessageMs === null && isTalkative(spawn) ? { ...base, certainty: 'likely', fatal: 'nothing-else' } : undefined;
  },
  explain({ count, lines, fatal, program }) {
    const many = count === 1 ? 'one line' : `${count} lines`;
    const summaries: Record<NonNullable<Args['fatal']>, string> = {
      'too-long': 'The server prints a line on standard output that is longer than any client reads.',
      header: 'The server frames its messages with Content-Length headers; MCP is one JSON message per line.',
      'byte-order-mark': 'The server writes a byte order mark before its messages, so that clients cannot read them.',
      glued: 'The server prints other text on the same line as its messages, so that clients cannot read them.',
      spread: 'The server spreads its messages over several lines; MCP is one JSON message per line.',
      echo: `${program} repeats what it is sent; it is no MCP server.`,
      flood: `${program} prints on standard output without end (more than ${count} lines), and none of it is an MCP message.`,
      'nothing-else': `${program} prints text on standard output (${many}) and no MCP message.`,
    };
    return {
      summary:
        fatal === null
          ? `The server prints ${many} on standard output that ${count === 1 ? 'is' : 'are'} no MCP message; strict clients end the connection.`
          : summaries[fatal],
      evidence: lines.slice(0, 3).map(({ text, atMs }) => `stdout after ${timeWords(atMs)}: ${text === '' ? '(blank)' : text}`),
    };
  },
  remedies({ fatal, program }): readonly Remedy[] {
    if (fatal === 'header' || fatal === 'spread')
      return [
        {
          kind: 'tell',
          title: 'Write each message as one line: JSON.stringify(message) and a line feed, without indentation and without headers.',
        },
      ];
    if (fatal === 'byte-order-mark')
      return [
        { kind: 'tell', title: 'Let the server write UTF-8 without a byte order mark (in .NET and PowerShell: new UTF8Encoding(false)).' },
      ];
    if (fatal === 'echo') return [{ kind: 'tell', title: `Name the MCP server's own command; ${program} is something else.` }];
    if (fatal === 'too-long')
      return [
        {
          kind: 'tell',
          title: 'Let the server send large content as resources, or in pages; official clients read at most 10 MB per message.',
        },
      ];
    return [
      {
        kind: 'tell',
        title:
          'Let the server log to standard error: console.error instead of console.log, print(..., file=sys.stderr), logging with a stderr handler.',
      },
      ...(program === 'npm' || program === 'pnpm' || program === 'yarn'
        ? [{ kind: 'tell' as const, title: `${program} prints the script's name itself: add --silent, or start the script's own command.` }]
        : []),
      ...(fatal === 'nothing-else' || fatal === 'flood'
        ? [
            {
              kind: 'tell' as const,
              title: 'Check that the command is the MCP server, with the option that selects stdio if it has one (often --stdio).',
            },
          ]
        : []),
    ];
  },
  about: `On stdio, standard output belongs to the protocol: one JSON-RPC message per line and nothing else. A \`console.log\` or \`print\`, a
start banner, the header lines of \`npm run\`, or a library's warning mixes with it. Some clients skip such lines, some report a
\`SyntaxError\` for each, some end the connection; text without a line break in front of a message loses that message for everybody.
mcpreach reads every line apart and says whether the handshake survived.
By hand: \`COMMAND 2>/dev/null\` (in PowerShell \`COMMAND 2>$null\`) must print nothing until it is asked something.`,
  refs: [
    'https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#stdio',
    'https://modelcontextprotocol.io/docs/tools/debugging#server-side-logging',
  ],
  examples() {
    const foreign = (kind: ForeignLine['kind'], text: string, count = 1) => ({ foreign: { count, lines: [{ kind, text, atMs: 40 }] } });
    const failed = (kind: ForeignLine['kind'], text: string, count = 1) =>
      stdioEvidence(stdioTarget('node server.js'), {
        spawn: silent({ firstOutputMs: 40, ...foreign(kind, text, count) }),
        handshake: stdioFailed({ kind: 'timed-out' }),
      });
    return {
      fires: [
        {
          title: 'a banner that the handshake survives',
          evidence: stdioEvidence(stdioTarget(), { ...STDIO_WORKS, spawn: running(foreign('text', 'Server ready')) }),
        },
        {
          title: 'text before the message on the same line',
          evidence: failed('glued', 'Starting...{"jsonrpc":"2.0","id":"mcpreach-2","result":{}}'),
        },
        {
          title: 'a byte order mark before the message',
          evidence: failed('byte-order-mark', '{"jsonrpc":"2.0","id":"mcpreach-2","result":{}}'),
        },
        { title: 'framing of language servers', evidence: failed('header', 'Content-Length: 98') },
        { title: 'pretty-printed messages', evidence: failed('spread', '{') },
        {
          title: 'a program that repeats its input',
          evidence: failed('echo', '{"jsonrpc":"2.0","id":"mcpreach-2","method":"initialize"}'),
        },
        {
          title: 'a program that never stops printing',
          evidence: stdioEvidence(stdioTarget('yes'), {
            spawn: silent(foreign('text', 'y', 100_001)),
            handshake: stdioFailed({ kind: 'flooded' }),
          }),
        },
        { title: 'a program that only prints text', evidence: failed('text', 'usage: tool COMMAND', 40) },
      ],
      quiet: [
        { title: 'nothing but messages', evidence: stdioEvidence(stdioTarget(), STDIO_WORKS) },
        { title: 'silence', evidence: stdioEvidence(stdioTarget(), STDIO_SILENT) },
        { title: 'one banner line and then silence: that is a hang', evidence: failed('text', 'Connecting to the database ...') },
        {
          title: 'a usage text, and the program ends',
          evidence: stdioEvidence(stdioTarget(), {
            spawn: ended('error', null, 2, foreign('text', 'usage: x')),
            handshake: stdioFailed({ kind: 'ended' }),
          }),
        },
        {
          title: 'messages on time, answered late',
          evidence: stdioEvidence(stdioTarget(), { spawn: running(), handshake: stdioReady({ readyMs: 12_000 }) }),
        },
      ],
    };
  },
});

/** More than the banner of a server on its way up. */
const BANNER_LINES = 15;

function isTalkative({ foreign }: SpawnEvidence): boolean {
  return foreign.count > BANNER_LINES;
}

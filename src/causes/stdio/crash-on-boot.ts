import type { EarlyEnd } from '../../model/evidence.ts';
import { defineStdioCause, type MatchBase } from '../../model/cause.ts';
import type { Remedy } from '../../model/remedy.ts';
import { ended, notStarted, STDIO_WORKS, stdioEvidence, stdioFailed, stdioTarget, stdioToolsFailed } from '../../model/stdio-examples.ts';
import { endedEarly, exitWords, lastStdioExchange, lastWords, timeWords } from '../../model/stdio-view.ts';

interface Args extends MatchBase {
  readonly reason: EarlyEnd;
  /** errno name when the system could not run the program. */
  readonly startError: string | null;
  readonly signal: string | null;
  readonly detail: string | null;
  readonly exit: string;
  readonly afterMs: number;
  readonly asked: string;
  readonly command: string;
  readonly output: readonly string[];
  readonly cwd: string;
}

const WORDS: Readonly<Record<Exclude<EarlyEnd, 'error'>, string>> = {
  'missing-variable': 'an environment variable is missing',
  'module-not-found': 'a module or file is missing',
  'command-not-found': 'a command that it calls was not found',
  'permission-denied': 'permission was denied to it',
  'address-in-use': 'an address that it wants is in use',
  syntax: 'its source has a syntax error',
  signal: 'a signal ended it',
  'silent-success': 'it says nothing about the reason',
};

const ADVICE: Readonly<Record<EarlyEnd, string>> = {
  'missing-variable': "Add the variable that the output names to env in the server's entry.",
  'module-not-found':
    'Check the path of the script in args (write it absolute), and install what the output names (npm install, uv sync, pip install -r requirements.txt).',
  'command-not-found': 'Install the program that the output names, or write its full path.',
  'permission-denied': 'Give this user access to what the output names, or name another place in the arguments.',
  'address-in-use': 'End the other program that holds the address, or choose another port.',
  syntax: 'Mend the line that the output names, or start the server with the runtime version it asks for.',
  signal: 'Look for who sent the signal: SIGKILL is often the memory limit, SIGSEGV a broken native module.',
  'silent-success':
    'Check the arguments: a program that ends at once with code 0 has often printed its help, needs a subcommand or --stdio, or was started in the background.',
  error: 'Mend what the output names; the whole output is seen by running the command in a terminal.',
};

/** What ends many servers and is no fault of theirs. */
const HINTS: readonly (readonly [RegExp, string])[] = [
  [
    /Cannot connect to the Docker daemon|docker daemon (?:is )?(?:not )?running/i,
    'Start Docker first: Docker Desktop, or `sudo systemctl start docker`.',
  ],
  [
    /^stderr: npm (?:error|ERR!) (?:network|code E(?:CONN|NOTFOUND|AI_AGAIN|TIMEDOUT|HOSTUNREACH))|Failed to (?:download|fetch)/,
    'The package cannot be fetched: check the network, the proxy variables that the client passes on, and the registry of npm or uv.',
  ],
  [/\bENOSPC\b|No space left on device/, 'Make room on the disk.'],
  [/heap out of memory|\bENOMEM\b|Cannot allocate memory/, 'Give the server more memory, or less to load.'],
];

/** The server ends before it has listed its tools. */
export const cause = defineStdioCause({
  id: 'crash-on-boot',
  group: 'process',
  title: 'The server ends while it starts',
  layer: 'process',
  severity: 'error',
  needs: ['spawn', 'handshake'],
  hiddenBy: [
    'cwd-missing',
    'command-not-found',
    'env-path-missing',
    'windows-npx-cmd',
    'permission-denied',
    'package-not-found',
    'runtime-too-old',
    'missing-env',
    'port-in-use',
    'backend-unreachable',
    'wrong-transport',
    'timeout-slow-start',
  ],
  match(evidence): Args | undefined {
    if (!endedEarly(evidence)) return undefined;
    const { spawn, target } = evidence;
    return {
      certainty: 'proved',
      reason: spawn.early ?? 'error',
      startError: spawn.startError,
      signal: spawn.exit?.signal ?? null,
      detail: spawn.detail,
      exit: exitWords(spawn),
      afterMs: spawn.exit?.atMs ?? spawn.ms,
      asked: lastStdioExchange(evidence)?.request ?? 'initialize',
      command: target.display,
      output: lastWords(spawn),
      cwd: target.cwd,
    };
  },
  explain({ reason, startError, detail, exit, afterMs, asked, command, output, cwd }) {
    const summary =
      startError === null
        ? `The server ends before it answers ${asked} (${exit}, after ${timeWords(afterMs)}): ${reasonWords(reason, detail)}.`
        : `The system cannot run the command (${startError}).`;
    return {
      summary,
      evidence: [
        ...(detail === null || startError !== null ? [] : [`it said: ${detail}`]),
        `started with: ${command}`,
        `in the folder ${cwd}`,
        ...output,
      ],
    };
  },
  remedies({ reason, command, cwd, startError, output, detail }, { platform }): readonly Remedy[] {
    if (startError !== null)
      return [
        { kind: 'tell', title: 'Check that the program was built for this system and processor, and that its arguments are not too long.' },
      ];
    const folder = platform === 'win32' ? `Set-Location '${cwd}'; ${command}` : `cd '${cwd}' && ${command}`;
    return [
      {
        kind: 'tell',
        title:
          HINTS.find(([pattern]) => [...output, ...(detail === null ? [] : [detail])].some((line) => pattern.test(line)))?.[1] ??
          ADVICE[reason],
      },
      { kind: 'run', title: 'Run it by hand to read everything it prints (a healthy server waits in silence):', command: folder },
    ];
  },
  about: `The client starts the server, and the server ends before it has answered \`initialize\` and \`tools/list\`: a missing package or file, a
typing error in the arguments, a crash, or a program that is no server. Clients show it as \`MCP error -32000: Connection closed\`.
mcpreach starts the command in its own process group with the variables it would get, and keeps its exit code and last lines apart.
By hand: run the command in a terminal; a healthy stdio server prints nothing and waits.`,
  refs: [
    'https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#stdio',
    'https://nodejs.org/api/process.html#exit-codes',
  ],
  examples() {
    const at = (spawn: ReturnType<typeof ended>, handshake = stdioFailed({ kind: 'ended' })) =>
      stdioEvidence(stdioTarget('node server.js'), { spawn, handshake });
    return {
      fires: [
        { title: 'a package is missing', evidence: at(ended('module-not-found', "Error: Cannot find module 'express'")) },
        { title: 'a command without its subcommand', evidence: at(ended('silent-success', null, 0)) },
        { title: 'killed', evidence: at(ended('signal', null, 0, { exit: { code: null, signal: 'SIGKILL', atMs: 300 } })) },
        {
          title: 'it crashes when its tools are listed',
          evidence: at(ended('error', 'TypeError: x is not iterable'), stdioToolsFailed({ kind: 'ended' })),
        },
        { title: 'the system refuses', evidence: at(notStarted('E2BIG')) },
      ],
      quiet: [
        { title: 'it works', evidence: stdioEvidence(stdioTarget(), STDIO_WORKS) },
        {
          title: 'it ended after everything was answered',
          evidence: stdioEvidence(stdioTarget(), { ...STDIO_WORKS, spawn: ended('silent-success', null, 0) }),
        },
      ],
    };
  },
});

/** The server's own words, as far as they fit into a sentence. */
function reasonWords(reason: EarlyEnd, detail: string | null): string {
  if (reason !== 'error') return WORDS[reason];
  return detail === null ? WORDS['silent-success'] : `it says "${shortened(detail)}"`;
}

function shortened(detail: string): string {
  const words = detail.replace(/^[\s•-]+|[\s."]+$/g, '');
  return words.length > 100 ? `${words.slice(0, 99)}…` : words;
}

import { defineCause, type MatchBase } from '../model/cause.ts';
import type { EarlyEnd, StartEvidence } from '../model/evidence.ts';
import { attempt, evidence, names, NOTHING_AROUND, ready, target, tcp } from '../model/examples.ts';
import { works } from '../model/view.ts';
import type { Remedy } from '../model/remedy.ts';

type Reason = Exclude<EarlyEnd, 'address-in-use'>;

interface Args extends MatchBase {
  readonly command: string;
  readonly reason: Reason;
  readonly detail: string | null;
  readonly exit: string;
  readonly output: readonly string[];
}

const WORDS: Readonly<Record<Reason, string>> = {
  'missing-variable': 'an environment variable is missing',
  'module-not-found': 'a module is missing',
  'command-not-found': 'the command was not found',
  'permission-denied': 'permission was denied',
  syntax: 'its source has a syntax error',
  signal: 'a signal ended it',
  'silent-success': 'it ended without any error message',
  error: 'it reported an error',
};

const SILENT = 'it says nothing about the reason';

const ADVICE: Readonly<Record<Reason, string>> = {
  'missing-variable': "Set the variable that the output names in the server's environment, and start it again.",
  'module-not-found': 'Install what the output names (`npm install`, `uv sync` or `pip install -r requirements.txt` in its folder).',
  'command-not-found': 'Install the program, or write its full path in the command.',
  'permission-denied': 'Make the file that the output names accessible to this user, or choose a port above 1023.',
  syntax: 'Mend the line that the output names, or run it with the runtime version that the server asks for.',
  signal: 'Look for who sent the signal: SIGKILL is often the memory limit, SIGSEGV a broken native module.',
  'silent-success':
    'Check the arguments: a program that ends at once has often printed its help, started a copy in the background, or speaks on standard input.',
  error: 'Mend what the output names, and start it again.',
};

/** Stack frames and lone brackets. */
const NOISE = /^\s*(?:at\s.*|[{}()[\],;]*)$/;

/** The start command is known, and it ends before it serves anything. */
export const cause = defineCause({
  id: 'crash-on-boot',
  group: 'process',
  title: 'The server ends while it starts',
  layer: 'process',
  severity: 'error',
  needs: ['start'],
  hiddenBy: [],
  match(found): Args | undefined {
    const { outcome, command, stderr, stdout } = found.start;
    if (works(found) || outcome.kind !== 'ended' || outcome.early === 'address-in-use') return undefined;
    const exit = outcome.signal === null ? `exit code ${outcome.code ?? 'unknown'}` : `signal ${outcome.signal}`;
    const output = (stderr.length > 0 ? stderr : stdout).filter((line) => !NOISE.test(line)).slice(-5);
    return { certainty: 'proved', command, reason: outcome.early, detail: outcome.detail, exit, output };
  },
  explain({ command, reason, detail, exit, output }) {
    return {
      summary: `The server ends while it starts (${exit}): ${reason === 'error' && detail === null ? SILENT : WORDS[reason]}.`,
      evidence: [
        ...(detail === null ? [] : [`it said: ${detail}`]),
        `started with: ${command}`,
        ...output.filter((line) => line !== detail).map((line) => `its output: ${line}`),
      ],
    };
  },
  remedies({ reason, detail, command }): readonly Remedy[] {
    return [
      ...(reason === 'error' && detail === null ? [] : [{ kind: 'tell', title: ADVICE[reason] } as const]),
      { kind: 'run', title: 'Start it by hand to read everything it prints:', command },
    ];
  },
  about: `The command that starts the server ends before the server listens or answers, so every client is refused. Usual reasons are
a missing variable or package, a typing error in the command, a wrong runtime version, or a program that is no server at all.
mcpreach runs the command given with \`--start\` in its own process group, watches its sockets and its output, and reports exit code
or signal and the last lines it wrote.
By hand: run the same command in the same folder with the same variables, and look at its exit code (\`echo $?\`, in PowerShell
\`$LASTEXITCODE\`).`,
  refs: ['https://nodejs.org/api/process.html#exit-codes', 'https://man7.org/linux/man-pages/man7/signal.7.html'],
  examples() {
    const refused = { dns: names('127.0.0.1'), tcp: tcp(attempt('127.0.0.1', 'refused')), ...NOTHING_AROUND };
    const start = (outcome: StartEvidence['outcome'], stderr: readonly string[] = []): StartEvidence => ({
      command: 'node server.js',
      outcome,
      stderr,
      stdout: [],
      ms: 120,
    });
    const ended = (early: EarlyEnd, detail: string | null, code: number | null = 1, signal: string | null = null) =>
      start({ kind: 'ended', code, signal, early, detail }, detail === null ? [] : [detail, 'Node.js v20.20.2']);
    return {
      fires: [
        {
          title: 'a package is missing',
          evidence: evidence(target(), { ...refused, start: ended('module-not-found', "Error: Cannot find module 'express'") }),
        },
        {
          title: 'a variable is missing',
          evidence: evidence(target(), { ...refused, start: ended('missing-variable', 'API_URL is required') }),
        },
        { title: 'killed by a signal', evidence: evidence(target(), { ...refused, start: ended('signal', null, null, 'SIGKILL') }) },
        { title: 'ends with code 0', evidence: evidence(target(), { ...refused, start: ended('silent-success', null, 0) }) },
      ],
      quiet: [
        {
          title: 'the port is taken',
          evidence: evidence(target(), {
            ...refused,
            start: ended('address-in-use', 'Error: listen EADDRINUSE: address already in use 127.0.0.1:3000'),
          }),
        },
        {
          title: 'the command works',
          evidence: evidence(target(), { ...refused, start: start({ kind: 'answers', handshake: ready() }) }),
        },
      ],
    };
  },
});

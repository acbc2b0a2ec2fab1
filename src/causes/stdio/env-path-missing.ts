import { defineStdioCause, type MatchBase } from '../../model/cause.ts';
import { DAY_MS, isFresh, type LogEvidence, type LogFailure, quoted } from '../../model/logs.ts';
import { logSaying } from '../../model/log-examples.ts';
import type { Remedy } from '../../model/remedy.ts';
import {
  ended,
  executable,
  found,
  GUI_CLIENT,
  notStarted,
  STDIO_WORKS,
  stdioEvidence,
  stdioFailed,
  stdioTarget,
} from '../../model/stdio-examples.ts';
import { clientWords, endedEarly, exitWords, stdioWorks } from '../../model/stdio-view.ts';
import type { ExecutableEvidence, StdioEvidence, Whereabouts } from '../../model/stdio.ts';

interface Args extends MatchBase {
  readonly command: string;
  /** What is missing on the PATH: the command, or the interpreter of its script. */
  readonly wanted: string;
  readonly isInterpreter: boolean;
  readonly where: Whereabouts;
  readonly client: string;
  readonly executable: ExecutableEvidence;
  readonly exit: string;
  /** What the client wrote about it; null when nothing is known. */
  readonly told: LogFailure | null;
  /** It starts here: only the client does not find it. */
  readonly startsHere: boolean;
}

/** The client's fresh word that it did not find this very program. */
function toldByClient({ target, log }: StdioEvidence): LogFailure | null {
  const failure = log?.failure ?? null;
  return failure !== null && failure.notFound === target.command && isFresh(failure) ? failure : null;
}

/** The program is installed, but not where this client looks. */
export const cause = defineStdioCause({
  id: 'env-path-missing',
  group: 'stdio',
  title: "The command is on the shell's PATH, not on the client's",
  layer: 'process',
  severity: 'error',
  needs: ['executable', 'spawn'],
  hiddenBy: ['cwd-missing', 'windows-npx-cmd'],
  match(evidence): Args | undefined {
    const { target, executable: looked, spawn } = evidence;
    const { resolution, elsewhere } = looked;
    const told = toldByClient(evidence);
    const known = { command: target.command, told, executable: looked, exit: exitWords(spawn) };
    // A name with a folder leads to the same file whoever looks it up.
    if (stdioWorks(evidence) && told !== null && resolution.kind === 'found' && !/[\\/]/.test(target.command)) {
      return {
        ...known,
        certainty: 'likely',
        severity: 'warning',
        wanted: target.command,
        isInterpreter: false,
        where: { by: 'shell', path: resolution.path },
        client: target.client === null ? 'the client' : clientWords(evidence),
        startsHere: true,
      };
    }
    if (!endedEarly(evidence)) return undefined;
    const shebang = resolution.kind === 'found' ? resolution.shebang : null;
    const isInterpreter =
      shebang !== null && shebang.found === null && !shebang.carriageReturn && (spawn.startError === 'ENOENT' || spawn.exit?.code === 127);
    const isMissing = resolution.kind === 'missing' && spawn.startError === 'ENOENT';
    if (!isMissing && !isInterpreter) return undefined;
    const byShell = elsewhere.find(({ by }) => by === 'shell');
    // A version manager's folder is on the PATH of an interactive shell; for a bare command line ours is the only PATH there is.
    const where = byShell ?? (target.client === null ? undefined : elsewhere[0]);
    if (where === undefined) return undefined;
    const wanted = isInterpreter ? (shebang?.interpreter ?? '') : target.command;
    return {
      ...known,
      certainty: byShell === undefined && told === null ? 'likely' : 'proved',
      wanted,
      isInterpreter,
      where,
      client: target.client === null && looked.ownPath ? 'the entry' : clientWords(evidence),
      startsHere: false,
    };
  },
  explain({ command, wanted, isInterpreter, where, client, executable: { searchPath, ownPath }, exit, told, startsHere }) {
    if (startsHere) {
      return {
        summary: `${wanted} starts here, but ${client} did not find it when it tried last: its PATH is another one.`,
        evidence: [...(told === null ? [] : [quoted(told)]), `found here: ${where.path}`],
      };
    }
    const needs = isInterpreter
      ? `${command} needs ${wanted}, which is installed at ${where.path}`
      : `${wanted} is installed at ${where.path}`;
    return {
      summary: `${needs}, a folder that is not on the PATH of ${client}.`,
      evidence: [
        `starting it gave ${exit}`,
        where.by === 'shell'
          ? `your shell finds ${where.path}`
          : `${where.by} keeps ${where.path}, which an interactive shell has on its PATH`,
        ownPath
          ? `the entry sets PATH itself, to ${searchPath.length} folders`
          : `${client} searches: ${searchPath.slice(0, 8).join(', ')}${searchPath.length > 8 ? ' …' : ''}`,
        ...(told === null ? [] : [quoted(told)]),
      ],
    };
  },
  remedies({ isInterpreter, where, executable: { searchPath, ownPath } }, { platform }): readonly Remedy[] {
    const separator = platform === 'win32' ? ';' : ':';
    const folder = where.path.replace(/[\\/][^\\/]+$/, '');
    const path: Remedy = ownPath
      ? { kind: 'tell', title: `Add ${folder} to the PATH in the entry's env.` }
      : {
          kind: 'set',
          title: "Give the server a PATH in the entry's env, so that its own child processes find their programs, too:",
          variable: 'PATH',
          value: [folder, ...searchPath.filter((one) => one !== folder)].join(separator),
        };
    // npx and most launchers look for node themselves, so that the full path alone is often not enough.
    const absolute: Remedy = { kind: 'edit', title: 'Name the program by its full path:', field: 'command', value: where.path };
    return isInterpreter ? [path] : [absolute, path];
  },
  about: `Graphical programs do not read the files in which a shell sets its PATH (\`.bashrc\`, \`.zshrc\`), so what nvm, asdf, fnm, volta, mise,
pyenv or Homebrew installed is invisible to them: the command works in a terminal and gives \`spawn npx ENOENT\` in the client. A client
may also pass on less than it has itself, and a script named by its full path may still need an interpreter from the PATH.
mcpreach looks the command up along the PATH of this client and along the one of your shell; a client's log that says it did not find
what starts here is taken for the same fault, as a warning.
By hand: \`command -v npx\` in a terminal (\`Get-Command npx\` in PowerShell) shows the full path to write into the entry.`,
  refs: [
    'https://modelcontextprotocol.io/docs/tools/debugging',
    'https://nodejs.org/api/child_process.html#child_processspawncommand-args-options',
  ],
  examples() {
    const nvm = '/home/dev/.nvm/versions/node/v22.3.0/bin';
    const at = (looked: ExecutableEvidence, spawn = notStarted('ENOENT'), line = 'npx -y some-server') =>
      stdioEvidence(stdioTarget(line, { client: GUI_CLIENT }), { executable: looked, spawn, handshake: stdioFailed({ kind: 'ended' }) });
    const missing = (elsewhere: readonly Whereabouts[]) => executable({ kind: 'missing', folders: 2 }, { elsewhere });
    const told = (log: LogEvidence) => stdioEvidence(stdioTarget('npx -y some-server', { client: GUI_CLIENT }), { ...STDIO_WORKS, log });
    const script = found('/opt/mcp/server', {
      shebang: { line: '/usr/bin/env node', interpreter: 'node', found: null, carriageReturn: false },
    });
    return {
      fires: [
        { title: 'npx of nvm, and a graphical client', evidence: at(missing([{ by: 'shell', path: `${nvm}/npx` }])) },
        { title: 'known from the folder of the version manager only', evidence: at(missing([{ by: 'nvm', path: `${nvm}/npx` }])) },
        {
          title: 'a script by its full path, its interpreter not found',
          evidence: at(
            executable(script, { elsewhere: [{ by: 'shell', path: `${nvm}/node` }] }),
            ended('command-not-found', "/usr/bin/env: 'node': No such file or directory", 127),
            '/opt/mcp/server',
          ),
        },
        {
          title: 'it starts here, and the log of the client says that it does not find npx',
          evidence: told(logSaying('spawn npx ENOENT')),
        },
      ],
      quiet: [
        { title: 'it works', evidence: stdioEvidence(stdioTarget(), STDIO_WORKS) },
        { title: 'installed nowhere', evidence: at(missing([])) },
        { title: 'the client did not find it last week', evidence: told(logSaying('spawn npx ENOENT', { ageMs: 7 * DAY_MS })) },
        { title: 'the client did not find another program', evidence: told(logSaying('spawn uvx ENOENT')) },
      ],
    };
  },
});

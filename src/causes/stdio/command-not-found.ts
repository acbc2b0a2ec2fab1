import { quoted } from '../../facts/commands.ts';
import { BROUGHT_BY, INSTALL_COMMANDS } from '../../facts/launch.ts';
import { defineStdioCause, type MatchBase } from '../../model/cause.ts';
import type { Remedy } from '../../model/remedy.ts';
import { ended, executable, found, notStarted, STDIO_WORKS, stdioEvidence, stdioFailed, stdioTarget } from '../../model/stdio-examples.ts';
import { endedEarly, exitWords, lastWords, programOf } from '../../model/stdio-view.ts';
import type { ExecutableEvidence } from '../../model/stdio.ts';

type Variant =
  /** No program of that name. */
  | 'missing'
  /** A whole command line stands where the program's name belongs. */
  | 'whole-line'
  /** `~` or a variable that nobody expands. */
  | 'unexpanded'
  /** The script is there, its interpreter is not. */
  | 'interpreter'
  /** The script's first line ends as on Windows. */
  | 'carriage-return'
  /** A link to nowhere. */
  | 'broken-link'
  /** The program is there, its loader (another C library or processor) is not. */
  | 'loader'
  /** The command runs, and a command that it starts is missing. */
  | 'inner';

interface Args extends MatchBase {
  readonly variant: Variant;
  readonly command: string;
  /** What is missing: the command, or the interpreter. */
  readonly wanted: string;
  readonly executable: ExecutableEvidence;
  readonly exit: string;
  readonly output: readonly string[];
}

/** The client finds no program by that name, and neither does the user's shell. */
export const cause = defineStdioCause({
  id: 'command-not-found',
  group: 'stdio',
  title: 'The command does not exist',
  layer: 'process',
  severity: 'error',
  needs: ['executable', 'spawn'],
  hiddenBy: ['cwd-missing', 'env-path-missing', 'windows-npx-cmd', 'wrong-transport', 'package-not-found'],
  match(evidence): Args | undefined {
    const { target, executable: looked, spawn } = evidence;
    const { resolution } = looked;
    if (!endedEarly(evidence)) return undefined;
    const notThere = spawn.startError === 'ENOENT' || spawn.startError === 'ENOTDIR';
    const base = {
      certainty: 'proved',
      command: target.command,
      wanted: target.command,
      executable: looked,
      exit: exitWords(spawn),
      output: lastWords(spawn, 3),
    } as const;
    if (resolution.kind === 'found') {
      const { shebang } = resolution;
      if (shebang?.carriageReturn && (notThere || spawn.exit?.code === 127))
        return { ...base, variant: 'carriage-return', wanted: resolution.path };
      if (shebang !== null && shebang.found === null && (notThere || spawn.exit?.code === 127))
        return { ...base, variant: 'interpreter', wanted: shebang.interpreter };
      if (notThere) return { ...base, variant: 'loader', certainty: 'likely', wanted: resolution.path };
      if (spawn.early !== 'command-not-found') return undefined;
      const inner =
        spawn.detail === null ? null : /(?:^|: )([\w.@/-]+): (?:command )?not found$|'([^']+)' is not recognized/.exec(spawn.detail);
      return { ...base, variant: 'inner', wanted: inner?.[1] ?? inner?.[2] ?? 'a command' };
    }
    if (!notThere) return undefined;
    if (resolution.kind === 'not-executable')
      return resolution.why === 'broken-link' ? { ...base, variant: 'broken-link', wanted: resolution.path } : undefined;
    if (/^~|^\$\{?\w|^%\w+%/.test(target.command)) return { ...base, variant: 'unexpanded' };
    return { ...base, variant: /\S\s+\S/.test(target.command) ? 'whole-line' : 'missing' };
  },
  explain({ variant, command, wanted, executable: { searchPath, ownPath, elsewhere }, exit, output }) {
    const summaries: Record<Variant, string> = {
      missing: /[\\/]/.test(command)
        ? `There is no program ${command}.`
        : `The command ${command} does not exist: it is in no folder of the PATH.`,
      'whole-line': `The command field holds a whole command line (${command}); no program has that name.`,
      unexpanded: `The command ${command} is looked for as it is written; clients do not expand it.`,
      interpreter: `${command} needs ${wanted} to run, and ${wanted} is not on the PATH.`,
      'carriage-return': `${wanted} has Windows line ends: its interpreter is looked for with a carriage return in its name.`,
      'broken-link': `${wanted} is a link to a file that does not exist any more.`,
      loader: `${wanted} is there, but its loader is not: it was built for another system.`,
      inner: `${command} starts, but it calls ${wanted}, which does not exist.`,
    };
    const place = ownPath
      ? `the entry's own PATH was searched (${searchPath.length} folders)`
      : `searched: ${searchPath.slice(0, 8).join(', ')}${searchPath.length > 8 ? ' …' : ''}`;
    return {
      summary: summaries[variant],
      evidence: [
        `starting it gave ${exit}`,
        ...(variant === 'missing' || variant === 'interpreter' ? [place] : []),
        ...elsewhere.map(({ by, path }) => `${path} exists (${by})`),
        ...output,
      ],
    };
  },
  remedies({ variant, command, wanted, executable: looked }, { platform }): readonly Remedy[] {
    const known = looked.elsewhere[0]?.path;
    const absolute: readonly Remedy[] =
      known === undefined ? [] : [{ kind: 'edit', title: 'Name the program by its full path:', field: 'command', value: known }];
    switch (variant) {
      case 'whole-line':
        return [{ kind: 'tell', title: `Write "${command.split(/\s+/)[0]}" as the command and each other word as one element of args.` }];
      case 'unexpanded':
        return [{ kind: 'tell', title: 'Write the full path instead of ~ or a variable.' }];
      case 'carriage-return':
        return [{ kind: 'run', title: 'Give the script Unix line ends:', command: `sed -i 's/\\r$//' ${quoted(platform, wanted)}` }];
      case 'broken-link':
        return [{ kind: 'tell', title: `Install the program again; ${wanted} was left behind by an old version.` }];
      case 'loader':
        return [{ kind: 'tell', title: 'Install the build for this system: Alpine (musl) and glibc builds, and ARM and x86, do not mix.' }];
      default:
        return [...absolute, ...similarTo(looked), ...installations(variant === 'missing' ? command : wanted, platform)];
    }
  },
  about: `The client asks the system to start a program by a name that leads nowhere: a typing error, something that is not installed, a
whole command line in the command field, a path with ~ that only a shell would expand, or a script whose interpreter is missing.
Clients show it as \`spawn NAME ENOENT\`.
mcpreach looks the name up along the PATH that this client has, follows links and the script's first line, and tries to start it.
By hand: \`command -v NAME\`, on Windows \`Get-Command NAME\`.`,
  refs: ['https://nodejs.org/api/errors.html#common-system-errors', 'https://man7.org/linux/man-pages/man3/exec.3.html'],
  examples() {
    const at = (line: string, looked: ExecutableEvidence, spawn = notStarted('ENOENT')) =>
      stdioEvidence(stdioTarget(line), { executable: looked, spawn, handshake: stdioFailed({ kind: 'ended' }) });
    const missing = executable({ kind: 'missing', folders: 2 });
    const script = (interpreter: string, carriageReturn = false) =>
      executable(found('/opt/mcp/server', { shebang: { line: `/usr/bin/env ${interpreter}`, interpreter, found: null, carriageReturn } }));
    return {
      fires: [
        { title: 'uv is not installed', evidence: at('uvx mcp-server-time', missing) },
        { title: 'python is called python3 here', evidence: at('python server.py', { ...missing, similar: 'python3' }) },
        {
          title: 'the whole line in the command field',
          evidence: stdioEvidence(stdioTarget('x', { command: 'npx -y some-server', args: [] }), {
            executable: missing,
            spawn: notStarted('ENOENT'),
            handshake: stdioFailed({ kind: 'ended' }),
          }),
        },
        { title: 'a tilde', evidence: at('~/bin/server', missing) },
        {
          title: 'the interpreter is missing',
          evidence: at(
            '/opt/mcp/server',
            script('node'),
            ended('command-not-found', "/usr/bin/env: 'node': No such file or directory", 127),
          ),
        },
        { title: 'Windows line ends', evidence: at('/opt/mcp/server', script('python3', true), ended('command-not-found', null, 127)) },
        {
          title: 'a link to an old version',
          evidence: at('server', executable({ kind: 'not-executable', path: '/usr/local/bin/server', why: 'broken-link' })),
        },
        { title: 'built for another C library', evidence: at('server', executable(found('/usr/local/bin/server'))) },
        {
          title: 'npm script calls a missing command',
          evidence: at('npm run mcp', executable(found('/usr/bin/npm')), ended('command-not-found', 'sh: 1: tsx: not found', 127)),
        },
      ],
      quiet: [
        { title: 'it works', evidence: stdioEvidence(stdioTarget(), STDIO_WORKS) },
        {
          title: 'the folder is missing, not the command',
          evidence: stdioEvidence(stdioTarget(), { spawn: ended('error', 'Error: no'), handshake: stdioFailed({ kind: 'ended' }) }),
        },
        {
          title: 'not executable',
          evidence: at('./server', executable({ kind: 'not-executable', path: '/home/dev/app/server', why: 'mode' }), notStarted('EACCES')),
        },
      ],
    };
  },
});

function similarTo({ similar }: ExecutableEvidence): readonly Remedy[] {
  return similar === null ? [] : [{ kind: 'edit', title: `Use the command that exists here:`, field: 'command', value: similar }];
}

function installations(wanted: string, platform: NodeJS.Platform): readonly Remedy[] {
  const name = programOf(wanted);
  if (name === 'cmd' && platform !== 'win32')
    return [{ kind: 'tell', title: 'cmd exists on Windows only: drop `cmd /c` and start the program itself.' }];
  const brings = BROUGHT_BY[name];
  const install = brings === undefined ? undefined : INSTALL_COMMANDS[brings];
  if (install !== undefined)
    return [{ kind: 'run', title: `Install ${brings}:`, command: install[platform === 'win32' ? 'win32' : 'posix'] }];
  return [{ kind: 'tell', title: `Check the spelling of ${wanted}, or install it, and name it by its full path.` }];
}

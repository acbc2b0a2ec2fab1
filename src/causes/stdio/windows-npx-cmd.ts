import { defineStdioCause, type MatchBase } from '../../model/cause.ts';
import { executable, found, notStarted, STDIO_WORKS, stdioEvidence, stdioFailed, stdioTarget } from '../../model/stdio-examples.ts';
import { clientWords, endedEarly } from '../../model/stdio-view.ts';

interface Args extends MatchBase {
  readonly command: string;
  readonly path: string;
  readonly code: string;
  readonly client: string;
}

const NEEDS_WRAPPER = { id: 'kilo-code', startupLimitMs: 60_000, gui: true, needsCmdWrapper: true } as const;

/** On Windows `npx` is a command file, which only a shell can run. */
export const cause = defineStdioCause({
  id: 'windows-npx-cmd',
  group: 'stdio',
  title: 'On Windows the command needs cmd /c before it',
  layer: 'process',
  severity: 'error',
  needs: ['executable', 'spawn'],
  hiddenBy: ['cwd-missing'],
  match(evidence): Args | undefined {
    const {
      target,
      host,
      executable: { resolution, shell },
      spawn,
    } = evidence;
    const seen = resolution.kind === 'found' ? resolution : shell;
    if (host.platform !== 'win32' || !endedEarly(evidence) || seen?.kind !== 'found' || seen.shim === null) return undefined;
    const { startError } = spawn;
    // Node refuses .cmd files without a shell with EINVAL, and does not find them by their bare name.
    if (startError !== 'ENOENT' && startError !== 'EINVAL' && startError !== 'UNKNOWN') return undefined;
    return { certainty: 'proved', command: target.command, path: seen.path, code: startError, client: clientWords(evidence) };
  },
  explain({ command, path, code, client }) {
    return {
      summary: `On Windows ${command} is the command file ${path}, which ${client} cannot start without a shell.`,
      evidence: [`starting it gave ${code}`, `${command} was found as ${path}`],
    };
  },
  remedies() {
    return [
      {
        kind: 'edit',
        title: 'Start it through cmd: "cmd" as the command, "/c" and the old command as the first arguments:',
        field: 'prefix',
        value: 'cmd /c',
      },
    ];
  },
  about: `\`npx\`, \`npm\`, \`uvx\` of some installers and most Node tools are \`.cmd\` files on Windows. Only a shell can run them: a client that
starts programs directly gets \`spawn npx ENOENT\`, or \`spawn EINVAL\` for \`npx.cmd\` since Node closed CVE-2024-27980. Several clients put
\`cmd /c\` before such a command by themselves; this one does not.
mcpreach looks the command up with PATHEXT and starts it as this client does.
By hand: \`Get-Command npx\` shows the file's extension.`,
  refs: [
    'https://nodejs.org/en/blog/vulnerability/april-2024-security-releases-2',
    'https://nodejs.org/api/child_process.html#spawning-bat-and-cmd-files-on-windows',
  ],
  examples() {
    const npx = executable(found('C:\\Program Files\\nodejs\\npx.cmd', { shim: 'cmd' }));
    const at = (code: string, line: string) =>
      stdioEvidence(
        stdioTarget(line, { client: NEEDS_WRAPPER }),
        { executable: npx, spawn: notStarted(code), handshake: stdioFailed({ kind: 'ended' }) },
        { platform: 'win32' },
      );
    return {
      fires: [
        { title: 'npx without cmd', evidence: at('ENOENT', 'npx -y some-server') },
        { title: 'npx.cmd without a shell', evidence: at('EINVAL', 'npx.cmd -y some-server') },
      ],
      quiet: [
        {
          title: 'it works, since the client adds cmd itself',
          evidence: stdioEvidence(stdioTarget(), { executable: npx, ...STDIO_WORKS }, { platform: 'win32' }),
        },
        {
          title: 'not installed at all',
          evidence: stdioEvidence(
            stdioTarget('uvx mcp-server-time', { client: NEEDS_WRAPPER }),
            {
              executable: executable({ kind: 'missing', folders: 9 }),
              spawn: notStarted('ENOENT'),
              handshake: stdioFailed({ kind: 'ended' }),
            },
            { platform: 'win32' },
          ),
        },
      ],
    };
  },
});

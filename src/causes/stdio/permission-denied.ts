import { quoted } from '../../facts/commands.ts';
import { defineStdioCause, type MatchBase } from '../../model/cause.ts';
import type { Remedy } from '../../model/remedy.ts';
import { ended, executable, found, notStarted, STDIO_WORKS, stdioEvidence, stdioFailed, stdioTarget } from '../../model/stdio-examples.ts';
import { endedEarly, exitWords, lastWords } from '../../model/stdio-view.ts';
import type { StdioEvidence } from '../../model/stdio.ts';

interface Args extends MatchBase {
  readonly variant: 'mode' | 'directory' | 'refused' | 'inner' | 'docker';
  readonly path: string;
  readonly exit: string;
  readonly detail: string | null;
  readonly output: readonly string[];
}

/** The program is there, and this user may not run it. */
export const cause = defineStdioCause({
  id: 'permission-denied',
  group: 'stdio',
  title: 'The command may not be run',
  layer: 'process',
  severity: 'error',
  needs: ['executable', 'spawn'],
  hiddenBy: ['cwd-missing', 'command-not-found', 'missing-env'],
  match(evidence): Args | undefined {
    const {
      target,
      executable: { resolution },
      spawn,
    } = evidence;
    if (!endedEarly(evidence)) return undefined;
    const base = { certainty: 'proved', exit: exitWords(spawn), detail: spawn.detail, output: lastWords(spawn, 3) } as const;
    if (spawn.startError === 'EACCES' || spawn.startError === 'EPERM') {
      if (resolution.kind !== 'not-executable' || resolution.why === 'broken-link')
        return { ...base, variant: 'refused', path: resolution.kind === 'missing' ? target.command : resolution.path };
      return { ...base, variant: resolution.why, path: resolution.path };
    }
    if (spawn.stderr.some((line) => /permission denied.*docker(?: daemon socket|\.sock)/i.test(line)))
      return { ...base, variant: 'docker', path: '/var/run/docker.sock' };
    const named = namedFile(evidence);
    if (spawn.exit?.code === 126) return { ...base, variant: 'inner', path: named ?? target.command };
    return spawn.early === 'permission-denied' && named !== null ? { ...base, variant: 'inner', path: named } : undefined;
  },
  explain({ variant, path, exit, detail, output }) {
    const summaries = {
      mode: `${path} is not executable.`,
      directory: `${path} is a folder, not a program.`,
      refused: `The system does not let this user run ${path}.`,
      inner: `This user may not read or run ${path}.`,
      docker: `This user may not use Docker: access to ${path} is denied.`,
    };
    return {
      summary: summaries[variant],
      evidence: [`starting it gave ${exit}`, ...(detail === null || detail.length < 8 ? [] : [`it said: ${detail}`]), ...output],
    };
  },
  remedies({ variant, path }, { platform }): readonly Remedy[] {
    const file = quoted(platform, path);
    const look: Remedy =
      platform === 'win32'
        ? { kind: 'run', title: 'See who may use it:', command: `icacls ${file}` }
        : { kind: 'run', title: 'See its rights and owner:', command: `ls -l ${file}` };
    switch (variant) {
      case 'mode':
        return [
          { kind: 'run', title: 'Make it executable:', command: `chmod +x ${file}` },
          { kind: 'tell', title: `Or start it by its interpreter: "node" or "python3" as the command, ${path} as the first argument.` },
        ];
      case 'directory':
        return [
          {
            kind: 'tell',
            title: `Name the program inside ${path}, or start the folder with its runtime (node ${path}, or python3 -m NAME).`,
          },
        ];
      case 'docker':
        return [
          {
            kind: 'run',
            title: 'Let this user use Docker (log in again afterwards; it amounts to administrator rights):',
            command: 'sudo usermod -aG docker "$USER"',
          },
          look,
        ];
      case 'refused':
        return [
          look,
          {
            kind: 'tell',
            title:
              'Look for a file system that is mounted with noexec, for folders above that may not be entered, and for a security policy.',
          },
        ];
      case 'inner':
        return [look, { kind: 'tell', title: 'Let this user read and run it, or start the server as the user it belongs to.' }];
    }
  },
  about: `The program is there, and the system refuses to run it: the executable bit is missing (a download, an archive, a Windows share), the
path is a folder, a folder above may not be entered, or the file system is mounted with noexec. Clients show it as \`spawn NAME EACCES\`.
mcpreach looks at the file's rights and tries to start it.
By hand: \`ls -l FILE\` and \`findmnt -T FILE\` for mount options (Linux), \`ls -l@ FILE\` for quarantine marks (macOS), \`icacls FILE\` (Windows).`,
  refs: ['https://man7.org/linux/man-pages/man2/execve.2.html', 'https://nodejs.org/api/errors.html#common-system-errors'],
  examples() {
    const at = (looked: ReturnType<typeof executable>, spawn = notStarted('EACCES'), line = './server.sh --stdio') =>
      stdioEvidence(stdioTarget(line), { executable: looked, spawn, handshake: stdioFailed({ kind: 'ended' }) });
    const path = '/home/dev/app/server.sh';
    return {
      fires: [
        { title: 'the executable bit is missing', evidence: at(executable({ kind: 'not-executable', path, why: 'mode' })) },
        { title: 'the command is a folder', evidence: at(executable({ kind: 'not-executable', path: '/home/dev/app', why: 'directory' })) },
        { title: 'mounted with noexec', evidence: at(executable(found(path))) },
        {
          title: 'the script may not be read',
          evidence: at(
            executable(found('/usr/bin/node')),
            ended('permission-denied', "Error: EACCES: permission denied, open '/srv/mcp/server.js'"),
            'node /srv/mcp/server.js',
          ),
        },
        {
          title: 'Docker is not for this user',
          evidence: at(
            executable(found('/usr/bin/docker')),
            ended('error', 'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock', 1),
            'docker run -i image',
          ),
        },
      ],
      quiet: [
        { title: 'it works', evidence: stdioEvidence(stdioTarget(), STDIO_WORKS) },
        {
          title: 'the server itself may not write its data',
          evidence: at(
            executable(found('/usr/bin/node')),
            ended('permission-denied', "Error: EACCES: permission denied, mkdir '/data'"),
            'node server.js',
          ),
        },
      ],
    };
  },
});

/** The file of the command line that the last words name; what else may not be touched is the server's own affair. */
function namedFile({ target, spawn }: StdioEvidence): string | null {
  const { detail } = spawn ?? {};
  return detail == null ? null : ([target.command, ...target.args].find((word) => /[\\/.]/.test(word) && detail.includes(word)) ?? null);
}

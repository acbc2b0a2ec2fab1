import { defineStdioCause, type MatchBase } from '../../model/cause.ts';
import { ended, notStarted, STDIO_WORKS, stdioEvidence, stdioFailed, stdioTarget } from '../../model/stdio-examples.ts';
import { stdioWorks } from '../../model/stdio-view.ts';
import type { WorkingDirectoryEvidence } from '../../model/stdio.ts';

interface Args extends MatchBase {
  readonly folder: WorkingDirectoryEvidence;
  readonly startError: string | null;
}

const WORDS = {
  missing: 'does not exist',
  'not-a-directory': 'is a file, not a folder',
  'not-permitted': 'may not be entered by this user',
} as const;

/** The folder in which the client starts the server is not there. */
export const cause = defineStdioCause({
  id: 'cwd-missing',
  group: 'stdio',
  title: 'The working directory does not exist',
  layer: 'process',
  severity: 'error',
  needs: ['workingDirectory'],
  hiddenBy: [],
  match(evidence): Args | undefined {
    const { workingDirectory: folder, spawn } = evidence;
    if (folder.state === 'ok' || stdioWorks(evidence)) return undefined;
    return { certainty: spawn?.startError != null ? 'proved' : 'likely', folder, startError: spawn?.startError ?? null };
  },
  explain({ folder, startError }) {
    const words = folder.state === 'ok' ? 'is there' : WORDS[folder.state];
    return {
      summary: `The server cannot start because its working directory ${folder.path} ${words}.`,
      evidence: [
        ...(startError === null ? [] : [`the system answered ${startError}, which clients often show as if the command were missing`]),
        ...(folder.nearest === null || folder.nearest === folder.path ? [] : [`the nearest folder that exists is ${folder.nearest}`]),
      ],
    };
  },
  remedies({ folder }) {
    if (folder.state === 'not-permitted')
      return [{ kind: 'tell', title: `Let this user enter ${folder.path}, or name another folder as cwd.` }];
    return [
      {
        kind: 'tell',
        title: 'Correct the path in the cwd field of the entry; write it absolute, since clients expand neither ~ nor variables in it.',
      },
      { kind: 'tell', title: 'Or remove the field, if the server does not depend on its folder.' },
    ];
  },
  about: `The client starts the server in a folder that does not exist, is a file, or may not be entered. The system then refuses to
start the program with ENOENT, the same code as for a missing command, which is why most clients name the command as the culprit.
mcpreach looks at the folder by itself before it starts the server.
By hand: \`ls -ld FOLDER\`, on Windows \`Test-Path FOLDER\`.`,
  refs: [
    'https://nodejs.org/api/child_process.html#child_processspawncommand-args-options',
    'https://man7.org/linux/man-pages/man2/chdir.2.html',
  ],
  examples() {
    const missing: WorkingDirectoryEvidence = { path: '/home/dev/old-app', state: 'missing', nearest: '/home/dev' };
    const at = (workingDirectory: WorkingDirectoryEvidence, code: string) =>
      stdioEvidence(stdioTarget('node server.js', { cwd: workingDirectory.path }), {
        workingDirectory,
        spawn: notStarted(code),
        handshake: stdioFailed({ kind: 'ended' }),
      });
    return {
      fires: [
        { title: 'the project was moved', evidence: at(missing, 'ENOENT') },
        { title: 'the path is a file', evidence: at({ ...missing, state: 'not-a-directory' }, 'ENOTDIR') },
        { title: 'the folder belongs to somebody else', evidence: at({ ...missing, state: 'not-permitted' }, 'EACCES') },
      ],
      quiet: [
        { title: 'it works', evidence: stdioEvidence(stdioTarget(), STDIO_WORKS) },
        {
          title: 'the server ends for another reason',
          evidence: stdioEvidence(stdioTarget(), { spawn: ended('error', 'Error: no'), handshake: stdioFailed({ kind: 'ended' }) }),
        },
      ],
    };
  },
});

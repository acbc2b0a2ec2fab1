import { resolve } from 'node:path';
import { shownPath, type Surroundings } from '../../clients/locate.ts';
import { UsageError } from '../../model/errors.ts';
import type { LogFile } from '../../model/logs.ts';
import { readLogTail } from '../../system/log-tail.ts';

const WHY: Readonly<Record<string, string>> = {
  EACCES: 'this user may not read it; run the command as its owner, or give a copy',
  EPERM: 'the system does not let this program read it; give a copy',
  'not-a-file': 'it is no regular file; save its content to one',
};

/** Makes sure that the files named with `--log` can be read. What is in them is looked at later. Throws UsageError. */
export async function checkNamedLogs(names: readonly string[], surroundings: Surroundings): Promise<readonly LogFile[]> {
  return Promise.all(
    [...new Set(names)].map(async (name): Promise<LogFile> => {
      if (name.trim() === '') throw new UsageError('invalid-value', '--log: the name of a file is needed.');
      const path = resolve(surroundings.cwd, name);
      // One byte says whether it can be read.
      const tail = await readLogTail(path, 1);
      if (tail.kind === 'missing') throw new UsageError('no-such-file', `--log ${name}: there is no such file.`);
      if (tail.kind === 'folder')
        throw new UsageError('unreadable-file', `--log ${name}: this is a folder; name the files in it, each with its own --log.`);
      if (tail.kind === 'unreadable')
        throw new UsageError('unreadable-file', `--log ${name}: ${WHY[tail.code] ?? `it cannot be read (${tail.code})`}.`);
      return { path, shown: shownPath(path, surroundings), own: false, named: true };
    }),
  );
}

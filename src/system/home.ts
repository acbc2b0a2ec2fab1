import { homedir } from 'node:os';

/** The user's home folder as clients find it: the variable first, so that it can be set for a run. */
export function homeFolder(environment: Readonly<Record<string, string | undefined>>): string {
  return (process.platform === 'win32' ? environment['USERPROFILE'] : environment['HOME']) || homedir();
}

import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Where this program keeps what outlives a run: XDG_STATE_HOME where that is set, else the system's usual place. */
export function stateFolder(environment: NodeJS.ProcessEnv = process.env, home = homedir()): string {
  const chosen = environment['XDG_STATE_HOME'];
  // The XDG specification has relative paths ignored.
  if (chosen !== undefined && isAbsolute(chosen)) return join(chosen, 'mcpreach');
  if (process.platform === 'win32') return join(environment['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'mcpreach');
  if (process.platform === 'darwin') return join(home, 'Library', 'Application Support', 'mcpreach');
  return join(home, '.local', 'state', 'mcpreach');
}

import type { PathRule } from './client.ts';

/** A file in VS Code's user data folder, which extensions share. */
export function vscodeUserData(tail: string): PathRule {
  return {
    darwin: `~/Library/Application Support/Code/User/${tail}`,
    win32: `%APPDATA%/Code/User/${tail}`,
    linux: `$XDG_CONFIG_HOME/Code/User/${tail}`,
  };
}

/** Logs of the last windows of an editor that is built on VS Code; each start has a folder of its own. */
export function editorLogs(application: string, tail: string): PathRule {
  return {
    darwin: `~/Library/Application Support/${application}/logs/*/window*/${tail}`,
    win32: `%APPDATA%/${application}/logs/*/window*/${tail}`,
    linux: `$XDG_CONFIG_HOME/${application}/logs/*/window*/${tail}`,
  };
}

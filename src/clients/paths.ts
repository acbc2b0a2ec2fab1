import type { PathRule } from './client.ts';

/** A file in VS Code's user data folder, which extensions share. */
export function vscodeUserData(tail: string): PathRule {
  return {
    darwin: `~/Library/Application Support/Code/User/${tail}`,
    win32: `%APPDATA%/Code/User/${tail}`,
    linux: `$XDG_CONFIG_HOME/Code/User/${tail}`,
  };
}

import { closeSync, openSync } from 'node:fs';
import { readProc } from './processes/proc.ts';

/**
 * Whether keys like Ctrl-C reach this process and its children from the terminal itself: then a signal that is passed on as
 * well would arrive twice, and a second Ctrl-C means "at once" to many programs.
 */
export function isInForeground(): boolean {
  // A Windows console tells every process that is attached to it.
  if (process.platform === 'win32') return true;
  const stat = readProc('/proc/self/stat');
  if (stat !== null) {
    // proc(5): after the name in parentheses come state, ppid, pgrp, session, tty_nr, tpgid.
    const [, , group, , terminal, foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return terminal !== '0' && group === foreground;
  }
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return true;
  } catch {
    return false;
  }
}

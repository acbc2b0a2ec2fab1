import { readAllStats, readProc, readUserId } from './proc.ts';

/** Programs that start the graphical ones, by the names the kernel keeps (15 characters). */
const SESSIONS: ReadonlySet<string> = new Set([
  'gnome-shell',
  'gnome-session-b',
  'plasmashell',
  'startplasma-x11',
  'startplasma-way',
  'xfce4-session',
  'cinnamon-sessio',
  'mate-session',
  'lxqt-session',
  'sway',
  'Hyprland',
  'i3',
]);

/** PATH as this user's graphical session has it, which it hands on to what is started there; null where there is none to be seen. */
export function readSessionPath(): string | null {
  const uid = process.getuid?.();
  if (process.platform !== 'linux' || uid === undefined) return null;
  for (const { pid, comm } of readAllStats()) {
    if (!SESSIONS.has(comm) || readUserId(pid) !== uid) continue;
    const entry = readProc(`/proc/${pid}/environ`)
      ?.split('\0')
      .find((one) => one.startsWith('PATH='));
    if (entry !== undefined) return entry.slice('PATH='.length);
  }
  return null;
}

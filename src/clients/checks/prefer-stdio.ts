import type { ConfigEntry } from '../../model/config.ts';
import type { Check } from '../check.ts';

function isLocal({ url }: ConfigEntry): boolean {
  if (url === null || !URL.canParse(url)) return false;
  return /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(url).hostname);
}

/** A server on this machine that one client starts by itself while another expects it to be running already. */
export const preferStdio: Check = (entry, { all }) => {
  if (entry.unread !== null || entry.transport === 'stdio' || !isLocal(entry)) return [];
  const local = all.find((other) => other !== entry && other.name === entry.name && other.transport === 'stdio' && other.command !== null);
  if (local === undefined) return [];
  return [
    {
      code: 'prefer-stdio',
      severity: 'advice',
      certainty: 'possible',
      position: entry.position,
      summary: `"${entry.name}" has to be started by somebody before it is used; ${local.file.shown} has it as a command that its client starts.`,
      advice: 'Use the command here too, so that nothing has to run beforehand.',
    },
  ];
};

import type { Check } from '../check.ts';

/** One name in several files of a client: the strongest scope counts, the others are hidden. */
export const duplicateNames: Check = (entry, { client, all }) => {
  const same = all.filter((other) => other.client === entry.client && other.name === entry.name && other !== entry);
  const where = { code: 'config-duplicate-name', severity: 'warning', position: entry.position } as const;
  if (entry.unread === 'hidden') {
    const winner = same.find(({ unread }) => unread === null);
    const by = winner === undefined ? 'another file' : `${winner.file.shown} (scope ${winner.file.scope})`;
    return [
      {
        ...where,
        summary: `"${entry.name}" in ${entry.file.shown} is hidden: ${client.title} uses the one of ${by}.`,
        advice: 'Remove or rename the one that is not meant.',
      },
    ];
  }
  const hidden = same.filter(({ unread }) => unread === 'hidden');
  if (entry.unread !== null || hidden.length === 0) return [];
  const others = hidden.map(({ file }) => file.shown).join(', ');
  return [
    {
      ...where,
      summary: `"${entry.name}" is defined in ${others} as well; ${client.title} uses this one.`,
      advice: 'Remove or rename the one that is not meant.',
    },
  ];
};

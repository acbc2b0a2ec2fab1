import type { Check } from '../check.ts';

/** Entries that the client was not allowed to use, or not yet. */
export const needsApproval: Check = (entry, { client }) => {
  if (entry.unread !== null || (entry.approval !== 'needed' && entry.approval !== 'rejected')) return [];
  const rejected = entry.approval === 'rejected';
  return [
    {
      code: 'config-needs-approval',
      severity: 'warning',
      position: entry.position,
      summary: rejected
        ? `"${entry.name}" was rejected in ${client.title}, which does not use it.`
        : `"${entry.name}" waits for approval in ${client.title}.`,
      advice: client.approval.how,
    },
  ];
};

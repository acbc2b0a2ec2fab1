import type { ConfigEntry, ConfigProblem } from '../model/config.ts';
import type { ClientId } from '../model/ids.gen.ts';
import type { Client } from './client.ts';
import { duplicateNames } from './checks/duplicate-name.ts';
import { needsApproval } from './checks/needs-approval.ts';
import { portClashes } from './checks/port-clash.ts';
import { preferStdio } from './checks/prefer-stdio.ts';
import { secrets } from './checks/secret.ts';
import { timeoutUnit } from './checks/timeout-unit.ts';
import { unpinnedLaunch } from './checks/unpinned-launch.ts';
import { unsetVariables } from './checks/unset-variable.ts';
import type { Surroundings } from './locate.ts';
import { problemIn, type EntryFault } from './problem.ts';
import type { FileReading } from './read-file.ts';

/** One entry with the client whose it is, and all others around it. */
export interface CheckContext {
  readonly client: Client;
  readonly all: readonly ConfigEntry[];
  readonly surroundings: Surroundings;
}

/** Judges one entry; what it returns is about that entry. */
export type Check = (entry: ConfigEntry, context: CheckContext) => readonly EntryFault[];

/** Every rule that needs more than the entry's own text. */
const CHECKS: readonly Check[] = [
  unsetVariables,
  timeoutUnit,
  duplicateNames,
  portClashes,
  needsApproval,
  secrets,
  unpinnedLaunch,
  preferStdio,
];

/** What is wrong with entries in the light of each other and of the environment. Pure. */
export function checkConfigs(
  clients: readonly Client[],
  files: readonly FileReading[],
  surroundings: Surroundings,
): readonly ConfigProblem[] {
  const byId = new Map<ClientId, Client>(clients.map((client) => [client.id, client]));
  const all = files.flatMap(({ entries }) => entries);
  return files.flatMap((reading) =>
    reading.entries.flatMap((entry) => {
      const client = byId.get(entry.client);
      if (client === undefined) return [];
      return CHECKS.flatMap((check) => check(entry, { client, all, surroundings })).map((fault) =>
        problemIn(reading, { server: entry.name, ...fault }),
      );
    }),
  );
}

/** Remedies that change a value of the target's own entry, as edits of the file it stands in. */
import type { Client } from '../../clients/client.ts';
import { mendsOfRemedies } from '../../clients/mend-remedy.ts';
import type { EntryShape } from '../../clients/shape.ts';
import type { ConfigEntry, Mend } from '../../model/config.ts';
import type { Remedy } from '../../model/remedy.ts';

/** An entry with the same entry after its references were replaced. */
export interface EntryInUse {
  readonly client: Client;
  readonly shape: EntryShape;
  readonly entry: ConfigEntry;
  readonly expanded: ConfigEntry;
}

/** The remedies of one finding that are edits of the entry; an address and the type that goes with it are one. */
export function entryMends({ shape, entry, expanded }: EntryInUse, remedies: readonly Remedy[]): ReadonlyMap<Remedy, Mend> {
  const mends = new Map(mendsOfRemedies({ entry, shape, address: expanded.url ?? '' }, remedies));
  for (const remedy of remedies) {
    if (remedy.kind === 'mend') mends.set(remedy, remedy.mend);
    // A command that is put together from references is somebody's intention; one of its values is what is wrong.
    if (remedy.kind === 'edit' && remedy.field === 'command' && entry.command !== expanded.command) mends.delete(remedy);
  }
  return mends;
}

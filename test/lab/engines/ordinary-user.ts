import { chmod, chown } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Bench } from '../bench.ts';
import type { Arranged } from '../fault.ts';
import { ORDINARY_USER } from '../needs.ts';

/** Runs the doctor as a user who may do nothing special, with a home of its own; needs `ordinary-user`. */
export async function asOrdinaryUser(bench: Bench): Promise<Pick<Arranged, 'home' | 'through'>> {
  const home = await bench.folder();
  await chown(home, ORDINARY_USER, ORDINARY_USER);
  // The lab's own folder is for root only, and the way to this home leads through it.
  await chmod(dirname(dirname(home)), 0o711);
  const id = String(ORDINARY_USER);
  return { home, through: ['setpriv', '--reuid', id, '--regid', id, '--clear-groups'] };
}

import { readFileSync } from 'node:fs';
import type { SelinuxEvidence } from '../../model/selinux.ts';
import { today } from '../clock.ts';
import { readLogTail } from '../log-tail.ts';
import { runTool } from '../processes/run-tool.ts';
import { measured, notMeasured } from '../sockets/reader.ts';
import { parseBooleans, parseDenials } from './selinux-parse.ts';

const LOG = '/var/log/audit/audit.log';
/** A refusal older than the doctor's own attempts is another program's. */
const RECENT_MS = 60_000;

/** What SELinux refused in the last minute; null where it is not in use. */
export async function readSelinux(signal: AbortSignal): Promise<SelinuxEvidence | null> {
  const enforcing = isEnforcing();
  if (enforcing === null) return null;
  const [tail, booleans] = await Promise.all([readLogTail(LOG), runTool('/usr/sbin/getsebool', ['-a'], signal)]);
  const since = today().getTime() - RECENT_MS;
  return {
    enforcing,
    denials:
      tail.kind === 'text'
        ? measured(parseDenials(tail.text).filter(({ at }) => at !== null && at >= since))
        : notMeasured(tail.kind === 'unreadable' ? `only root may read ${LOG}` : `${LOG} has nothing to read (${tail.kind})`),
    booleans: parseBooleans(booleans.kind === 'done' ? booleans.stdout.toString() : ''),
  };
}

/** Null where the kernel has no SELinux, or nobody has switched it on. */
function isEnforcing(): boolean | null {
  try {
    return readFileSync('/sys/fs/selinux/enforce', 'utf8').trim() === '1';
  } catch {
    return null;
  }
}

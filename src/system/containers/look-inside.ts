import type { ListeningSocket, Measured } from '../../model/evidence.ts';
import { parseProcNetTcp } from '../sockets/proc-net.ts';
import { measured, notMeasured } from '../sockets/reader.ts';
import { type EngineDoor, postToEngine } from './engine-client.ts';
import { toListening } from './inside.ts';
import { parseExecId } from './parse.ts';

const COMMAND = ['cat', '/proc/net/tcp', '/proc/net/tcp6'];

/** First line of the kernel's tables: without it nothing was read. */
const HEADING = 'local_address';

/**
 * Where something listens in a container, by a command that is run in it, once. It changes nothing there, and yet it is a command
 * in somebody's container: only with the user's consent.
 */
export async function lookInside(
  door: EngineDoor,
  id: string,
  hostNetwork: boolean,
  signal: AbortSignal,
): Promise<Measured<readonly ListeningSocket[]>> {
  // A terminal of its own: then the output comes as it is, and not in the engine's frames.
  const made = await postToEngine(door, `/containers/${id}/exec`, { AttachStdout: true, Tty: true, Cmd: COMMAND }, signal);
  const exec = made.kind === 'answer' && made.status === 201 ? parseExecId(made.body) : undefined;
  if (exec === undefined)
    return notMeasured(`the engine would not run a command in it (${made.kind === 'answer' ? `HTTP ${made.status}` : made.code})`);
  const ran = await postToEngine(door, `/exec/${exec}/start`, { Detach: false, Tty: true }, signal);
  const text = ran.kind === 'answer' && ran.status === 200 ? ran.body.toString('latin1') : '';
  if (!text.includes(HEADING)) return notMeasured(`${COMMAND.join(' ')} could not be run in it: its image has no such program`);
  return measured(toListening([...parseProcNetTcp(text, 4), ...parseProcNetTcp(text, 6)], hostNetwork));
}

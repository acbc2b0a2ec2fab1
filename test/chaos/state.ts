/** What the harness and the server under it share: files of one folder, so that it is the same over HTTP and stdio. */
import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** How an HTTP server answers while it is not itself. `ran-…`: after it has run the call; `no-replies`: only to answers of the client. */
export type Mood =
  | '404'
  | '400'
  | '503'
  | '503-later'
  | 'garbage'
  | 'page'
  | 'noise'
  | 'ran-garbage'
  | 'ran-502'
  | 'ran-cut'
  | 'ran-empty'
  | 'no-replies';

export interface ServerState {
  /** `serverInfo.name`; a stranger has another one. */
  readonly name: string;
  /** Which tools it has: an upgrade is another number. */
  readonly edition: number;
  readonly mood: Mood | null;
}

/** The name of the server that the client is connected to; whoever has another is a stranger. */
export const NAME = 'chaos';

export function writeState(folder: string, state: ServerState): void {
  const fresh = join(folder, 'state.new');
  writeFileSync(fresh, JSON.stringify(state));
  renameSync(fresh, join(folder, 'state'));
}

export function readState(folder: string): ServerState {
  return JSON.parse(readFileSync(join(folder, 'state'), 'utf8')) as ServerState;
}

/** One line per execution, on disk before anybody is answered: `ran`, `ran-by-stranger`, and `pids` of servers. */
export function record(folder: string, file: string, line: string): void {
  appendFileSync(join(folder, file), `${line}\n`);
}

export function recorded(folder: string, file: string): readonly string[] {
  try {
    return readFileSync(join(folder, file), 'utf8').split('\n').slice(0, -1);
  } catch {
    return [];
  }
}

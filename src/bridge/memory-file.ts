/** What is remembered of a target between two runs: its handshake and lists, in a file of its own below the state folder. */
import { join } from 'node:path';
import { after } from '../system/clock.ts';
import { readStateFile, writeStateFile } from '../system/state-file.ts';
import { isRecord, parseJson } from '../wire/json-rpc.ts';
import type { Recall } from './known.ts';

export interface Memory {
  /** What the last run knew; null when there is nothing, or nothing that can be understood. */
  recall(): Promise<Recall | null>;
  /** Keeps this for the next run, a moment later: several changes in a row are one write. */
  remember(recall: Recall): void;
  /** Writes what is due. A memory that cannot be written is no fault worth telling. */
  flush(): Promise<void>;
}

const SCHEMA = 'mcpreach.memory/1';
const WRITE_AFTER_MS = 1_000;
/** Lists of thousands of tools stay below this; a larger memory would cost more at every start than it saves. */
const LARGEST_BYTES = 8 * 1024 * 1024;

/** Opens the memory of a target; `key` is everything that makes it this target. The file's name is a hash of it, so that no secret is in it. */
export function openMemory(state: string, key: string): Memory {
  const folder = join(state, 'memory');
  let hashed: string | null = null;
  // Not before it is needed: a server that is there costs no hash and no file.
  const name = () =>
    (hashed ??= `${process.getBuiltinModule('node:crypto').createHash('sha256').update(key).digest('hex').slice(0, 32)}.json`);
  let due: Recall | null = null;
  let stop: (() => void) | null = null;
  let writing: Promise<void> = Promise.resolve();
  let written = '';

  async function write(): Promise<void> {
    const text = due === null ? '' : JSON.stringify({ schema: SCHEMA, ...due });
    due = null;
    if (text === '' || text === written || text.length > LARGEST_BYTES) return;
    if (await writeStateFile(folder, name(), text)) written = text;
  }

  return {
    async recall() {
      written = await readStateFile(folder, name());
      return readRecall(written);
    },
    remember(recall) {
      due = recall;
      stop ??= after(WRITE_AFTER_MS, () => {
        stop = null;
        writing = writing.then(write);
      });
    },
    flush() {
      stop?.();
      stop = null;
      return (writing = writing.then(write));
    },
  };
}

function readRecall(text: string): Recall | null {
  const value = parseJson(text);
  if (!isRecord(value) || value['schema'] !== SCHEMA || typeof value['handshake'] !== 'string' || !isRecord(value['lists'])) return null;
  const { asked, handshake, lists } = value;
  if (!isRecord(parseJson(handshake)) || !Object.values(lists).every((pages) => isRecord(pages) && Object.values(pages).every(isJsonText)))
    return null;
  return { asked: typeof asked === 'string' ? asked : null, handshake, lists: lists as Recall['lists'] };
}

function isJsonText(page: unknown): boolean {
  return typeof page === 'string' && parseJson(page) !== undefined;
}

/** Which config files the user agreed to, by the hash of their content: a changed file is asked about again. */
import { readStateFile, writeStateFile } from './state-file.ts';

const FILE = 'trust.json';
const SCHEMA = 'mcpreach.trust/1';

type Trusted = Readonly<Record<string, string>>;

/** Whether somebody agreed to run the commands of this file as it is now. */
export async function isTrusted(state: string, path: string, hash: string): Promise<boolean> {
  return (await readTrusted(state))[path] === hash;
}

/** Records consent for a file's content, at one stroke. False when it cannot be written. */
export async function recordTrust(state: string, path: string, hash: string): Promise<boolean> {
  const files = { ...(await readTrusted(state)), [path]: hash };
  return writeStateFile(state, FILE, `${JSON.stringify({ schema: SCHEMA, files }, null, 2)}\n`);
}

/** Everything that was agreed to; nothing when the file is missing or not ours to understand. */
async function readTrusted(state: string): Promise<Trusted> {
  try {
    const { schema, files } = JSON.parse(await readStateFile(state, FILE)) as { schema?: unknown; files?: unknown };
    if (schema !== SCHEMA || files === null || typeof files !== 'object') return {};
    return Object.fromEntries(Object.entries(files).filter(([, hash]) => typeof hash === 'string')) as Trusted;
  } catch {
    return {};
  }
}

/** Which config files the user agreed to, by the hash of their content: a changed file is asked about again. */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

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
  const draft = join(state, `.${FILE}.${randomUUID()}`);
  try {
    await mkdir(state, { recursive: true, mode: 0o700 });
    await writeFile(draft, `${JSON.stringify({ schema: SCHEMA, files }, null, 2)}\n`, { mode: 0o600 });
    await rename(draft, join(state, FILE));
    return true;
  } catch {
    await rm(draft, { force: true }).catch(() => undefined);
    return false;
  }
}

/** Everything that was agreed to; nothing when the file is missing or not ours to understand. */
async function readTrusted(state: string): Promise<Trusted> {
  try {
    const { schema, files } = JSON.parse(await readFile(join(state, FILE), 'utf8')) as { schema?: unknown; files?: unknown };
    if (schema !== SCHEMA || files === null || typeof files !== 'object') return {};
    return Object.fromEntries(Object.entries(files).filter(([, hash]) => typeof hash === 'string')) as Trusted;
  } catch {
    return {};
  }
}

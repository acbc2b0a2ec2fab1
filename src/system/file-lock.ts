import { createHash, randomBytes } from 'node:crypto';
import { link, mkdir, readdir, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { now, sleep, today } from './clock.ts';
import { codeOf } from './error-code.ts';

/** Keeps two runs of this program from writing one file at once. The lock lies among our own state, not beside the file. */
export interface FileLock {
  release(): Promise<void>;
}

/** How long another run is waited for, in milliseconds; writing a config file takes a hundredth of it. */
const PATIENCE = 5_000;

/** How old a lock can be, in milliseconds, before its holder counts as hung, or as dead with its process id given to another. */
const STALE_AFTER = 60_000;

const POLL = 20;

/** The lock for a file, or null when another run keeps it. */
export async function lockFile(state: string, file: string): Promise<FileLock | null> {
  const folder = join(state, 'locks');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const lock = join(folder, `${createHash('sha256').update(file).digest('hex').slice(0, 32)}.lock`);
  const mark = randomBytes(8).toString('hex');
  const token = `${process.pid} ${mark} ${hostname()}`;
  const ours = `${lock}.${process.pid}-${mark}`;
  // A lock appears with its content or not at all, since it is linked to a file that is complete.
  await writeFile(ours, token, { mode: 0o600, flag: 'wx' });
  try {
    for (const deadline = now() + PATIENCE; ; ) {
      if (await linked(ours, lock)) {
        await sweep(folder, basename(lock));
        return { release: () => removeIfOurs(lock, token) };
      }
      if (!(await cleared(lock)) && now() >= deadline) return null;
      await sleep(POLL);
    }
  } finally {
    await removed(ours);
  }
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Removes a lock whose holder is gone; says whether the way is clear. */
async function cleared(lock: string): Promise<boolean> {
  const seen = await readLock(lock);
  if (seen === null) return true;
  // Process ids say nothing across machines and containers that share a home.
  const mayLive = seen.host !== hostname() || isAlive(seen.pid);
  if (mayLive && seen.age < STALE_AFTER) return false;
  // Taken away by renaming: when two runs find the same dead lock, one of them gets it and the other nothing.
  const away = `${lock}.stale-${process.pid}-${randomBytes(4).toString('hex')}`;
  try {
    await rename(lock, away);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return true;
    throw error;
  }
  const taken = await readFile(away, 'utf8');
  // A third run may have locked between our look and our rename: it gets its lock back.
  if (taken !== seen.token) await linked(away, lock);
  await removed(away);
  return true;
}

/** Removes what runs that were killed while they waited have left beside a lock. */
async function sweep(folder: string, lock: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const [, pid] = new RegExp(`^${lock}\\.(?:stale-)?(\\d+)-`).exec(name) ?? [];
    if (pid !== undefined && !isAlive(Number(pid))) await removed(join(folder, name));
  }
}

interface Holder {
  readonly token: string;
  readonly pid: number;
  readonly host: string;
  /** Milliseconds. */
  readonly age: number;
}

async function readLock(lock: string): Promise<Holder | null> {
  try {
    const [token, { mtimeMs }] = await Promise.all([readFile(lock, 'utf8'), stat(lock)]);
    const [pid = '', , host = ''] = token.split(' ');
    return { token, pid: Number(pid), host, age: today().getTime() - mtimeMs };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is alive, too.
    return codeOf(error) === 'EPERM';
  }
}

async function removeIfOurs(lock: string, token: string): Promise<void> {
  if ((await readLock(lock))?.token === token) await removed(lock);
}

async function removed(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

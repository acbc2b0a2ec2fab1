/** One chaos run: a client and its traffic on one side of `connect`, a server that is broken again and again on the other. */
import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { end, findMarked, peakMemory } from '../lab/processes.ts';
import { type Client, type Entry, startClient } from './client.ts';
import { judgeBook, type Check } from './judge.ts';
import { BROKEN, STRANGER, UPGRADED, USUAL } from './orders.ts';
import { createRandom, type Random } from './random.ts';
import { httpUpstream, stdioUpstream, type Upstream } from './upstream.ts';

export type Kind = 'json' | 'sse' | 'modern' | 'stdio';

export interface RunResult {
  readonly kind: Kind;
  readonly kills: number;
  readonly faults: number;
  readonly requests: number;
  readonly cancelled: number;
  readonly unknown: number;
  /** Milliseconds from a kill to the error of a call that was under way: median and largest; null without any. */
  readonly lag: readonly [number, number] | null;
  /** Milliseconds from the end of a fault to the next result: median and largest. */
  readonly back: readonly [number, number];
  readonly peakMiB: number;
  readonly seconds: number;
  readonly checks: readonly Check[];
}

/** No request may take longer: `--queue`, a server's slow start and the slowest machine together stay far below. */
const BOUND = 30_000;
/** How long connect keeps what it cannot deliver; short, so that a lasting outage is quickly told. */
const QUEUE = ['--queue', '5s'];
/** Descriptors that may be open besides those at the start, for instance a spare connection. */
const SPARE_DESCRIPTORS = 4;
/** Two seconds are the promise; the rest is what a crowded machine takes to report the end of a process. */
const LAST_WORDS = 2_500;
const MARK = 'MCPREACH_CHAOS';
const OPEN_AT_ONCE = 12;

export async function runChaos(
  kind: Kind,
  kills: number,
  seed: number,
  command: readonly string[] | null,
  program: readonly string[],
): Promise<RunResult> {
  const started = performance.now();
  const random = createRandom(seed);
  const folder = await mkdtemp(join(tmpdir(), 'mcpreach-chaos-'));
  const ledger = join(folder, 'ledger');
  const mark = `${process.pid}-${kind}`;
  const upstream = kind === 'stdio' ? stdioUpstream(ledger) : await httpUpstream(kind, ledger);
  await upstream.start(USUAL);
  const line = command === null ? [...program, 'connect', ...QUEUE, ...upstream.target] : [...command, ...upstream.target];
  const env = { ...process.env, HOME: folder, XDG_STATE_HOME: folder, XDG_CONFIG_HOME: folder, XDG_CACHE_HOME: folder, [MARK]: mark };
  const client = startClient(line, env, kind === 'modern' ? 'modern' : 'legacy');
  const checks: Check[] = [];
  const check = (what: string, problems: readonly string[]): void => void checks.push({ what, problems });
  let faults = 0;
  const lags: number[] = [];
  const backs: number[] = [];
  const lost: string[] = [];
  const recover = async (after: string): Promise<void> => {
    const since = performance.now();
    if (!(await isWell(client))) lost.push(`no call was answered after ${after}`);
    backs.push(performance.now() - since);
  };
  try {
    await within(client.greet(), BOUND);
    await within(client.request('tools/list').settled, BOUND);
    const pid = client.child.pid!;
    const traffic = new AbortController();
    const driven = drive(client, createRandom(seed + 1), kind, traffic.signal);
    await isWell(client);
    const descriptors = countDescriptors(pid);
    const unchanged: string[] = [];
    for (let round = 0; round < kills && lost.length === 0 && client.child.exitCode === null; round++) {
      await sleep(random.between(20, 120));
      if (kind !== 'stdio' && random.next() < 0.4) {
        faults += 1;
        const fault = random.pick(['stop', 'half-close', 404, 400, 503, 'garbage'] as const);
        await annoy(upstream, fault, random);
        await recover(`${fault} in round ${round}`);
      } else if (random.next() < 0.15) upstream.signal('SIGSTOP');
      const fault = random.pick(['kill', 'kill', 'kill', 'upgrade', kind === 'stdio' ? 'kill' : 'replace'] as const);
      if (fault !== 'kill') faults += 1;
      if (kind === 'stdio') await upstream.start(fault === 'upgrade' ? UPGRADED : USUAL);
      const open = client.open().filter(({ key }) => key !== null);
      const listChanges = client.notes.get('notifications/tools/list_changed') ?? 0;
      const killedAt = performance.now();
      await upstream.kill();
      await sleep(random.between(0, 200));
      void lagsOf(open, killedAt).then((found) => lags.push(...found));
      if (fault === 'replace') {
        await upstream.start(STRANGER);
        await sleep(random.between(200, 600));
        await upstream.kill();
      }
      if (kind !== 'stdio') await upstream.start(fault === 'upgrade' ? UPGRADED : USUAL);
      await recover(`${fault} in round ${round}`);
      // A client of 2026-07-28 that does not listen is told nothing.
      if (fault === 'upgrade' && kind !== 'modern') {
        const told = (): boolean => (client.notes.get('notifications/tools/list_changed') ?? 0) > listChanges;
        if (!(await until(told, 10_000))) unchanged.push(`round ${round}: other tools, and no list_changed`);
      }
    }
    traffic.abort();
    await driven;
    await until(() => client.open().length === 0, BOUND);
    check('the server is reached again after every fault', lost);
    if (kind !== 'modern') check('other tools are told by list_changed', unchanged);
    const back = await until(() => countDescriptors(pid) <= descriptors + SPARE_DESCRIPTORS, 15_000);
    check('no descriptor is left', back ? [] : [`${descriptors} at the start, ${countDescriptors(pid)} at the end`]);

    if (kind === 'stdio') await upstream.start(BROKEN);
    await upstream.kill();
    // The first may still be written to a server that is just dying.
    await within(call(client, 0).settled, BOUND);
    const down = Array.from({ length: 5 }, () => call(client, 0));
    await within(Promise.all(down.map(({ settled }) => settled)), BOUND);
    const wrong = down.filter(({ answers }) => answers[0]?.error?.data?.mcpreach?.executed !== 'no').map(tell);
    check('what was never sent says so', wrong);
    const alive = client.child.exitCode === null && client.child.signalCode === null;
    check('the client is never disconnected', alive ? [] : [`connect ended: ${client.stderr()}`]);
    const peakMiB = (peakMemory(pid) ?? 0) / 1024;

    const closedAt = performance.now();
    client.child.stdin!.end();
    const ended = await within(client.exited, LAST_WORDS);
    const took = performance.now() - closedAt;
    check('connect ends when its client goes', ended ? [] : [`still there after ${took.toFixed(0)} ms`]);
    await upstream.close();
    const left = (): number[] => [...new Set([...findMarked(MARK, mark), ...upstream.pids().filter(isAlive)])];
    const clean = await until(() => left().length === 0, 3_000);
    check('no process is left', clean ? [] : [`pids ${left().join(', ')}`]);
    checks.push(...judgeBook(client, ledger, BOUND));
    const entries = client.entries;
    const unknown = entries.filter(({ answers }) => answers[0]?.error?.data?.mcpreach?.executed === 'unknown').length;
    const lag = lags.length === 0 ? null : spread(lags);
    const cancelled = entries.filter((entry) => entry.cancelled).length;
    const seconds = (performance.now() - started) / 1000;
    return { kind, kills, faults, requests: entries.length, cancelled, unknown, lag, back: spread(backs), peakMiB, seconds, checks };
  } finally {
    client.child.kill('SIGKILL');
    await upstream.close();
    for (const pid of findMarked(MARK, mark)) end(pid);
    await rm(folder, { recursive: true, force: true });
  }
}

function spread(values: readonly number[]): readonly [number, number] {
  const sorted = [...values].sort((a, b) => a - b);
  return [sorted[sorted.length >> 1] ?? 0, sorted.at(-1) ?? 0];
}

/** A steady mix of requests, never more than a dozen open. Cancels only what it sent itself. */
async function drive(client: Client, random: Random, kind: Kind, signal: AbortSignal): Promise<void> {
  const own = new Set<Entry>();
  const send = (entry: Entry): void => {
    own.add(entry);
    void entry.settled.then(() => own.delete(entry));
  };
  while (!signal.aborted) {
    await sleep(random.between(2, 15));
    if (own.size >= OPEN_AT_ONCE) continue;
    const chance = random.next();
    if (chance < 0.55) send(call(client, random.between(0, 20)));
    else if (chance < 0.65) send(call(client, random.between(200, 800)));
    else if (chance < 0.8) send(client.request('tools/list'));
    else if (chance < 0.87) send(client.request(kind === 'modern' ? 'server/discover' : 'ping'));
    else if (chance < 0.92) client.notify('notifications/roots/list_changed');
    else if (own.size > 0) {
      const entry = random.pick([...own]);
      own.delete(entry);
      client.cancel(entry);
    }
  }
}

function call(client: Client, delay: number): Entry {
  const key = `k${client.entries.length}`;
  return client.request('tools/call', { name: 'count', arguments: { key, delay } }, key);
}

/** Something that does not end the server: it is stopped for a while, hangs up, or answers nonsense. */
async function annoy(upstream: Upstream, fault: 'stop' | 'half-close' | 'garbage' | number, random: Random): Promise<void> {
  if (fault === 'half-close') return upstream.order({ kind: 'half-close' });
  const stop = fault === 'stop';
  if (stop) upstream.signal('SIGSTOP');
  else await upstream.order({ kind: 'mood', mood: fault });
  await sleep(random.between(50, 500));
  if (stop) upstream.signal('SIGCONT');
  else await upstream.order({ kind: 'mood', mood: 'well' });
}

/** Whether a call comes through, within the bound. */
async function isWell(client: Client): Promise<boolean> {
  const deadline = performance.now() + BOUND;
  while (performance.now() < deadline && client.child.exitCode === null) {
    const entry = call(client, 0);
    await Promise.race([within(entry.settled, BOUND), client.exited]);
    if (entry.answers[0]?.result !== undefined) return true;
    await sleep(20);
  }
  return false;
}

/** How long the calls that were under way at a kill waited for their errors. */
async function lagsOf(open: readonly Entry[], killedAt: number): Promise<number[]> {
  await within(Promise.all(open.map(({ settled }) => settled)), BOUND);
  return open.flatMap(({ answers: [first] }) =>
    first?.error?.data?.mcpreach?.executed === 'unknown' && first.at >= killedAt ? [first.at - killedAt] : [],
  );
}

function countDescriptors(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return 0;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function tell({ id, method, answers }: Entry): string {
  return `${id} ${method}: ${JSON.stringify(answers[0]?.error ?? answers[0]?.result ?? null)}`;
}

async function until(condition: () => boolean, limit: number): Promise<boolean> {
  const deadline = performance.now() + limit;
  while (!condition()) {
    if (performance.now() > deadline) return false;
    await sleep(10);
  }
  return true;
}

/** Whether it came to pass within so many milliseconds. */
async function within(promise: Promise<unknown>, limit: number): Promise<boolean> {
  const stop = new AbortController();
  const late = sleep(limit, false, { signal: stop.signal }).catch(() => false);
  const done = await Promise.race([promise.then(() => true), late]);
  stop.abort();
  return done;
}

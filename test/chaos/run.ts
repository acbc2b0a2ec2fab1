/** One server behind `connect`, from the client's first word to its last. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ChaosClient, startClient } from './client.ts';
import { type Flavour, inflict, planFaults, recover, type Scene } from './faults.ts';
import { createChance } from './random.ts';
import { NAME, recorded, writeState } from './state.ts';
import { startTraffic } from './traffic.ts';
import { httpUpstream, quietPort, stdioUpstream } from './upstream.ts';
import { judge, type Tally } from './verdict.ts';
import { isAlive, until, within } from './waiting.ts';

/** Held requests are answered before this, in milliseconds; with the time for a diagnosis and a busy machine that is the limit for each. */
const QUEUE = '15s';
const ANSWER_MS = 30_000;
/** Connections that nobody uses any more are closed within this, in milliseconds. */
const QUIET_MS = 10_000;
/** A call that runs when the client goes, in milliseconds: less than the second that it is given. */
const LAST_MS = 200;
/** From the end of the client's output to the end of the bridge, in milliseconds. */
const END_MS = 2_000;

const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'chaos', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

export interface Run extends Tally {
  readonly faults: number;
  readonly seconds: number;
}

export async function torment(flavour: Flavour, kills: number, seed: number, note: (what: string) => void): Promise<Run> {
  const started = performance.now();
  const chance = createChance(seed);
  const folder = mkdtempSync(join(tmpdir(), 'mcpreach-chaos-'));
  const complaints: string[] = [];
  const complain = (what: string) => void complaints.push(what);
  writeState(folder, { name: NAME, edition: 0, mood: null });
  const upstream = flavour === 'stdio' ? stdioUpstream(folder) : httpUpstream(flavour, folder, await quietPort());
  const modern = flavour === 'modern';
  const client = startClient(['--queue', QUEUE, ...upstream.args], {
    variables: { XDG_STATE_HOME: folder },
    meta: modern ? META : null,
    // What somebody asks in the middle of a call is its key; whoever gets the answer knows whether it was meant.
    answer: (method, params) =>
      method === 'elicitation/create' ? { action: 'accept', content: { key: (params as { readonly message: string }).message } } : {},
  });
  const faults = planFaults(flavour, kills, chance);
  try {
    await upstream.start();
    await greet(client, modern);
    const rest = () => recover({ client, complain }, 'a restart');
    await rest();
    const before = descriptors(client);
    const traffic = startTraffic(client, chance, { modern, asks: !modern && flavour !== 'json' });
    const scene: Scene = { flavour, client, upstream, traffic, folder, edition: 0, complain, note };
    for (const fault of faults) {
      if (client.hasEnded()) break;
      await sleep(chance.between(20, 120));
      await inflict(fault, scene);
    }
    const stopped = traffic.stop();
    const open = await client.settled(ANSWER_MS);
    if (open.length === 0) await stopped;
    else complain(`no answer after ${ANSWER_MS / 1000} s: ${open.map(({ key, method }) => key ?? method).join(', ')}`);
    if (client.hasEnded()) complain(`the bridge ended before its client: ${client.stderr().slice(-500)}`);
    else {
      // Connections of the last server go with it; a bridge at rest with a fresh one holds what it held in the beginning.
      await upstream.kill();
      await upstream.start();
      await rest();
      await leave(client, before, complain);
    }
    await upstream.end();
    const left = recorded(folder, 'pids').map(Number).filter(isAlive);
    if (left.length > 0) complain(`${left.length} servers are still there`);
    const tally = judge(client, folder);
    return {
      ...tally,
      complaints: [...complaints, ...tally.complaints],
      faults: faults.length,
      seconds: (performance.now() - started) / 1000,
    };
  } finally {
    client.child.kill('SIGKILL');
    await upstream.end();
    for (const pid of recorded(folder, 'pids').map(Number).filter(isAlive)) process.kill(pid, 'SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

async function greet(client: ChaosClient, modern: boolean): Promise<void> {
  if (modern) {
    await client.request('server/discover').answered;
    client.subscribe({ toolsListChanged: true });
    return;
  }
  const capabilities = { elicitation: {}, roots: { listChanged: true } };
  const answer = await client.request('initialize', {
    protocolVersion: '2025-11-25',
    capabilities,
    clientInfo: { name: 'chaos', version: '1' },
  }).answered;
  if (answer?.['result'] === undefined) throw new Error(`no handshake: ${JSON.stringify(answer)} ${client.stderr()}`);
  client.notify('notifications/initialized');
}

/** Lets the bridge come to rest, counts what it holds, and takes leave of it. */
async function leave(client: ChaosClient, before: number, complain: (what: string) => void): Promise<void> {
  let now = before;
  if (!(await until(QUIET_MS, () => (now = descriptors(client)) <= before))) complain(`${now} descriptors, ${before} at the start`);
  // What it owes when its client goes is still answered.
  client.request('tools/call', { name: 'run', arguments: { key: 'last', ms: LAST_MS } }, 'last');
  const ending = performance.now();
  client.end();
  const code = await within(ANSWER_MS, client.ended);
  const took = performance.now() - ending;
  if (code !== 0) complain(`the bridge ended with ${code}`);
  if (took > END_MS) complain(`the bridge took ${Math.round(took)} ms to end`);
}

/** Open files and sockets of the bridge, where the system tells. */
function descriptors({ child }: ChaosClient): number {
  try {
    return readdirSync(`/proc/${child.pid}/fd`).length;
  } catch {
    return 0;
  }
}

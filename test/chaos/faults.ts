/** What is done to the server, one thing at a time, while requests come. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Chance } from './random.ts';
import type { ChaosClient } from './client.ts';
import { type Mood, NAME, type ServerState, writeState } from './state.ts';
import type { Traffic } from './traffic.ts';
import type { Upstream } from './upstream.ts';
import { until, within } from './waiting.ts';

export type Flavour = 'json' | 'events' | 'sse' | 'modern' | 'stdio';

export type Fault =
  /** SIGKILL; the next one is started after so many milliseconds. `hasty`: it does not live to give an answer. */
  | { readonly kind: 'kill'; readonly awayMs: number; readonly hasty: boolean }
  /** SIGSTOP for so long, then SIGCONT. */
  | { readonly kind: 'stop'; readonly ms: number }
  /** It ends every connection and lives. */
  | { readonly kind: 'half-close' }
  /** Another program takes its place for so long. */
  | { readonly kind: 'replace'; readonly ms: number }
  /** It has other tools now: after a restart, or in the middle of its life; right after a bad moment in which it ended every connection. */
  | { readonly kind: 'upgrade'; readonly restart: boolean; readonly after: Mood | null }
  /** It answers with something else for so long. `cut`: it ends every connection first. */
  | { readonly kind: 'mood'; readonly mood: Mood; readonly ms: number; readonly cut: boolean };

const HTTP_MOODS: readonly Mood[] = [
  '404',
  '400',
  '503',
  '503-later',
  'garbage',
  'page',
  'noise',
  'ran-garbage',
  'ran-502',
  'ran-cut',
  'ran-empty',
];

const MOODS: Readonly<Record<Flavour, readonly Mood[]>> = {
  json: HTTP_MOODS,
  events: [...HTTP_MOODS, 'no-replies'],
  modern: HTTP_MOODS,
  // Any 2xx is the end of a POST there; its answer comes on the stream.
  sse: ['404', '400', '503', '503-later', 'noise', 'ran-502', 'ran-cut', 'no-replies'],
  stdio: ['noise'],
};

/** Moods in which a stream cannot be opened again. */
const DEAF: readonly Mood[] = ['400', '503', '503-later', 'noise', 'ran-502'];

/** So many kills, and of everything else one round for each ten of them, in an order of chance. */
export function planFaults(flavour: Flavour, kills: number, chance: Chance): readonly Fault[] {
  const faults: Fault[] = [];
  for (let index = 0; index < kills; index += 1) {
    const awayMs = chance.next() < 0.5 ? 0 : chance.between(10, 400);
    faults.push({ kind: 'kill', awayMs, hasty: chance.next() < 0.25 });
  }
  for (let round = 0; round < Math.max(1, Math.round(kills / 10)); round += 1) {
    faults.push({ kind: 'stop', ms: chance.between(100, 500) });
    faults.push({ kind: 'half-close' });
    faults.push({ kind: 'replace', ms: chance.between(100, 400) });
    faults.push({ kind: 'upgrade', restart: true, after: null });
    if (flavour !== 'modern') faults.push({ kind: 'upgrade', restart: false, after: null });
    // Whoever is told nothing any more after a bad moment does not hear of it.
    if (flavour !== 'modern' && flavour !== 'stdio') faults.push({ kind: 'upgrade', restart: false, after: chance.pick(DEAF) });
    for (const mood of MOODS[flavour])
      faults.push({ kind: 'mood', mood, ms: chance.between(30, 200), cut: flavour !== 'stdio' && chance.next() < 0.4 });
  }
  return chance.shuffle(faults);
}

/** A server that is well answers within this, however busy the machine, in milliseconds. */
const RECOVERY_MS = 20_000;
/** Long enough that the bridge finds the stream closed to it, in milliseconds. */
const DEAF_MS = 800;
const CHANGED = 'notifications/tools/list_changed';

export interface Scene {
  readonly flavour: Flavour;
  readonly client: ChaosClient;
  readonly upstream: Upstream;
  readonly traffic: Traffic;
  readonly folder: string;
  /** The tools that the server has now. */
  edition: number;
  /** What happened, for whoever wants to see all of it. */
  readonly note: (what: string) => void;
  /** What is wrong with the bridge, in words. */
  readonly complain: (what: string) => void;
}

/** Does it, and waits until the client gets good answers again. */
export async function inflict(fault: Fault, scene: Scene): Promise<void> {
  const started = performance.now();
  await act(fault, scene);
  scene.note(`${JSON.stringify(fault)} ${Math.round(performance.now() - started)} ms`);
}

async function act(fault: Fault, scene: Scene): Promise<void> {
  const { client, upstream, folder, flavour } = scene;
  const state = (change: Partial<ServerState> = {}) => writeState(folder, { name: NAME, edition: scene.edition, mood: null, ...change });
  switch (fault.kind) {
    case 'kill':
      await upstream.kill();
      await sleep(fault.awayMs);
      await upstream.start();
      if (fault.hasty) return;
      break;
    case 'stop':
      upstream.signal('SIGSTOP');
      await sleep(fault.ms);
      upstream.signal('SIGCONT');
      break;
    case 'half-close':
      upstream.signal('SIGUSR2');
      break;
    case 'replace':
      state({ name: 'stranger' });
      await upstream.kill();
      await upstream.start();
      await sleep(fault.ms);
      state();
      await upstream.kill();
      await upstream.start();
      break;
    case 'upgrade':
      if (fault.after !== null) {
        await moody({ mood: fault.after, ms: DEAF_MS, cut: true }, scene, state);
        await recover(scene, fault.after);
      }
      return upgrade(fault.restart, scene, state);
    case 'mood':
      await moody(fault, scene, state);
  }
  await recover(scene, `${fault.kind}${fault.kind === 'mood' ? ` ${fault.mood}` : ''}`);
  if (flavour === 'stdio' && client.hasEnded()) scene.complain('the bridge ended');
}

async function moody(
  { mood, ms, cut }: { readonly mood: Mood; readonly ms: number; readonly cut: boolean },
  { upstream }: Scene,
  state: (change?: Partial<ServerState>) => void,
): Promise<void> {
  state({ mood });
  if (cut) upstream.signal('SIGUSR2');
  await sleep(ms);
  state();
}

async function upgrade(restart: boolean, scene: Scene, state: () => void): Promise<void> {
  const { client, upstream, traffic, complain } = scene;
  // What the client sees for itself need not be announced to it.
  traffic.lists = false;
  const asked = [...client.entries.values()].filter(({ method, answers }) => method === 'tools/list' && answers.length === 0);
  if ((await within(RECOVERY_MS, Promise.all(asked.map(({ answered }) => answered)))) === null) complain('tools/list is not answered');
  if (!(await isListed(scene, scene.edition))) complain(`tools/list does not show edition ${scene.edition}`);
  const before = client.count(CHANGED);
  scene.edition += 1;
  state();
  if (restart) {
    await upstream.kill();
    await upstream.start();
  } else {
    upstream.signal('SIGHUP');
  }
  if (!(await until(RECOVERY_MS, () => client.count(CHANGED) > before)))
    complain(`other tools ${restart ? 'after a restart' : 'in the middle of a session'} were not announced`);
  if (!(await isListed(scene, scene.edition))) complain(`tools/list does not show edition ${scene.edition} after it was announced`);
  traffic.lists = true;
}

function isListed({ client }: Scene, edition: number): Promise<boolean> {
  return until(RECOVERY_MS, async () =>
    JSON.stringify(await within(RECOVERY_MS, client.request('tools/list').answered)).includes(`"edition-${edition}"`),
  );
}

let recoveries = 0;

/** Until a call is answered by the server. */
export async function recover({ client, complain }: Pick<Scene, 'client' | 'complain'>, after: string): Promise<void> {
  const isGood = async () => {
    const key = `after-${(recoveries += 1)}`;
    const answer = await within(RECOVERY_MS, client.request('tools/call', { name: 'run', arguments: { key, ms: 0 } }, key).answered);
    if (answer?.['error'] !== undefined) await sleep(30);
    return client.hasEnded() || answer?.['result'] !== undefined;
  };
  if (!(await until(RECOVERY_MS, isGood))) complain(`no good answer after ${after}`);
}

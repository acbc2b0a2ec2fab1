/** Asks every container engine of this machine what it runs. Nothing is started or stopped, and nothing executed but by `lookInside`. */
import { stat } from 'node:fs/promises';
import { release } from 'node:os';
import type { ContainerFacts, EngineFacts, EngineKind, EngineState } from '../../model/containers.ts';
import { maskForeign } from '../../model/redact.ts';
import { today } from '../clock.ts';
import { createTail } from '../processes/tail.ts';
import { readProc, userName } from '../processes/proc.ts';
import { type EngineDoor, getFromEngine } from './engine-client.ts';
import { findEnginePlaces } from './find-places.ts';
import { readInside } from './inside.ts';
import { lookInside } from './look-inside.ts';
import {
  type ContainerRow,
  type EngineVersion,
  type InspectedContainer,
  parseContainer,
  parseLog,
  parsePing,
  parseRows,
  parseVersion,
} from './parse.ts';
import { type EnginePlace, machineBehind } from './places.ts';

/** A container as it was found, with the way to ask on about it. */
export interface FoundContainer {
  readonly facts: ContainerFacts;
  /** The last lines it wrote, secrets masked; empty when the engine keeps none. */
  readLog(signal: AbortSignal): Promise<readonly string[]>;
  /** Where something listens in it, by a command that is run there: only with consent. Null where the engine cannot be asked. */
  readonly lookInside: ((signal: AbortSignal) => Promise<ContainerFacts['listening']>) | null;
}

export interface EngineSurvey {
  readonly engines: readonly EngineFacts[];
  readonly containers: readonly FoundContainer[];
  readonly total: number;
}

/** More containers than these, running ones first, are not looked at one by one. */
const MOST_CONTAINERS = 96;
const AT_ONCE = 8;

/** The end of a log is where the reason stands. */
const LOG_LINES = 6;
const LOG_LINE_LENGTH = 200;

/** Everything that the engines of this machine say about their containers, the engine named by a setting first. */
export async function surveyEngines(environment: Readonly<Record<string, string | undefined>>, signal: AbortSignal): Promise<EngineSurvey> {
  const places = await findEnginePlaces(environment);
  const surveys = await Promise.all(places.map((place) => surveyOne(place, signal)));
  const there = surveys.filter((one) => one !== null);
  return {
    engines: there.map(({ engine }) => engine),
    containers: there.flatMap(({ containers }) => containers),
    total: there.reduce((sum, { total }) => sum + total, 0),
  };
}

interface OneSurvey {
  readonly engine: EngineFacts;
  readonly containers: readonly FoundContainer[];
  readonly total: number;
}

async function surveyOne(place: EnginePlace, signal: AbortSignal): Promise<OneSurvey | null> {
  const { kind, endpoint, source, door } = place;
  const only = (state: EngineState): OneSurvey => ({ engine: { kind, endpoint, source, state }, containers: [], total: 0 });
  if (door === null) return only(place.closed ?? { kind: 'remote' });
  const answer = await getFromEngine(door, '/_ping', signal);
  if (answer.kind === 'failed') {
    // A usual place without anybody behind it is no engine.
    if (answer.code === 'ENOENT' && !place.named) return null;
    if (answer.code === 'EACCES' || answer.code === 'EPERM') return only({ kind: 'no-permission', owner: await ownerOf(door) });
    if (answer.code === 'ECONNREFUSED' || answer.code === 'ENOENT') return only({ kind: 'not-running', code: answer.code });
    return only({ kind: 'broken', why: `it did not answer (${answer.code})` });
  }
  const version = answer.status === 200 ? (parsePing(answer.headers) ?? (await readVersion(door, signal))) : undefined;
  const rows = version && (await readRows(door, signal));
  if (version === undefined || rows === undefined)
    return only({ kind: 'broken', why: `it answers HTTP ${answer.status}, and not like a container engine` });
  const machine = machineOf(place, version.kernel, version.platform);
  const wanted = [...rows.filter(({ running }) => running), ...rows.filter(({ running }) => !running)].slice(0, MOST_CONTAINERS);
  const state = { kind: 'answers', version: version.version, machine } as const;
  return {
    engine: { kind: version.kind, endpoint, source, state },
    containers: await inspectAll(door, version.kind, machine, wanted, signal),
    total: rows.length,
  };
}

/** Podman is known by its ping: to say more it asks the package manager, which takes seconds. */
async function readVersion(door: EngineDoor, signal: AbortSignal): Promise<EngineVersion | undefined> {
  const answer = await getFromEngine(door, '/version', signal);
  return answer.kind === 'answer' && answer.status === 200 ? parseVersion(answer.body) : undefined;
}

async function readRows(door: EngineDoor, signal: AbortSignal): Promise<readonly ContainerRow[] | undefined> {
  const answer = await getFromEngine(door, '/containers/json?all=1', signal);
  return answer.kind === 'answer' && answer.status === 200 ? parseRows(answer.body) : undefined;
}

async function inspectAll(
  door: EngineDoor,
  kind: EngineKind,
  machine: string | null,
  rows: readonly ContainerRow[],
  signal: AbortSignal,
): Promise<readonly FoundContainer[]> {
  const found: (FoundContainer | undefined)[] = rows.map(() => undefined);
  const queue = [...rows.entries()];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let next = queue.shift(); next !== undefined && !signal.aborted; next = queue.shift()) {
        const [index, { id }] = next;
        const answer = await getFromEngine(door, `/containers/${id}/json`, signal);
        // Removed in the meantime, or not to be read: as good as not there.
        const inspected =
          answer.kind === 'answer' && answer.status === 200 ? parseContainer(answer.body, kind, today().getTime()) : undefined;
        if (inspected !== undefined) found[index] = await withInside(door, inspected, machine);
      }
    }),
  );
  return found.filter((one) => one !== undefined);
}

async function withInside(door: EngineDoor, inspected: InspectedContainer, machine: string | null): Promise<FoundContainer> {
  const { fullId, pid: _pid, ...facts } = inspected;
  return {
    facts: { ...facts, listening: await readInside(inspected, machine), log: [] },
    readLog: (signal) => readLog(door, fullId, signal),
    lookInside: (signal) => lookInside(door, fullId, facts.hostNetwork, signal),
  };
}

async function readLog(door: EngineDoor, id: string, signal: AbortSignal): Promise<readonly string[]> {
  const answer = await getFromEngine(door, `/containers/${id}/logs?stdout=1&stderr=1&tail=${4 * LOG_LINES}`, signal);
  if (answer.kind !== 'answer' || answer.status !== 200) return [];
  const tail = createTail({ lines: LOG_LINES, lineLength: LOG_LINE_LENGTH });
  tail.push(parseLog(answer.body));
  tail.end();
  return tail.lines().map(maskForeign);
}

/** The virtual machine an engine lives in; null when it shares this kernel, as far as can be told. */
function machineOf({ endpoint }: EnginePlace, kernel: string | null, platform: string | null): string | null {
  const named = machineBehind(endpoint) ?? (platform?.startsWith('Docker Desktop') === true ? 'Docker Desktop' : null);
  if (named !== null) return named;
  if (process.platform !== 'linux') return 'a virtual machine';
  return kernel !== null && kernel !== release() ? 'another machine' : null;
}

/** Whose socket it is, in words: who may use it is decided by that. */
async function ownerOf(door: EngineDoor): Promise<string | null> {
  if (door.kind !== 'unix') return null;
  const found = await stat(door.path).catch(() => null);
  if (found === null) return null;
  const group = (readProc('/etc/group') ?? '').split('\n').find((line) => line.split(':')[2] === String(found.gid));
  return `user ${userName(found.uid)}, group ${group?.split(':')[0] ?? found.gid}`;
}

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readVersioned, writeAtomically } from '../../src/system/atomic-file.ts';

const KILLS = 300;
/** Side by side; each on a file of its own. */
const LANES = 3;
const SIZE = 1_000_000;
const LETTERS = ['a', 'b'];
const WRITER = fileURLToPath(new URL('./atomic-writer.js', import.meta.url));

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mcpreach-kill-'));
});
after(() => rm(folder, { recursive: true, force: true }));

/** Lets a writer run for some milliseconds after its start and kills it. */
async function killedWriter(file: string, state: string, ms: number): Promise<void> {
  const child = spawn(process.execPath, [WRITER, file, state, String(SIZE), ...LETTERS], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  await once(child.stdout, 'data');
  await pause(ms);
  child.kill('SIGKILL');
  const [code, signal] = (await ended) as [number | null, string | null];
  assert.equal(signal, 'SIGKILL', `the writer ended by itself with code ${code}`);
}

function isWhole(text: string): boolean {
  return LETTERS.some((letter) => text === letter.repeat(SIZE));
}

test(`a file is whole after each of ${KILLS} kills, and what they left behind goes with the next write`, { timeout: 59_000 }, async () => {
  let leftovers = 0;
  const lane = async (number: number): Promise<void> => {
    const home = join(folder, `lane-${number}`);
    const state = join(folder, `state-${number}`);
    const file = `${home}.json`;
    await writeFile(file, 'a'.repeat(SIZE));
    for (let kill = 0; kill < KILLS / LANES; kill += 1) {
      await killedWriter(file, state, Math.random() * 25);
      assert.ok(isWhole(await readFile(file, 'utf8')), `kill ${kill} in lane ${number} left a broken file`);
    }
    leftovers += (await readdir(folder)).filter((name) => name.startsWith(`.lane-${number}`)).length;

    const current = await readVersioned(file);
    assert.equal(current.kind, 'read');
    if (current.kind !== 'read') return;
    const outcome = await writeAtomically(file, 'done', current.version, state);
    assert.equal(outcome.kind, 'written', JSON.stringify(outcome));
    assert.equal(await readFile(file, 'utf8'), 'done');
    assert.deepEqual(await readdir(join(state, 'locks')), []);
  };
  await Promise.all(Array.from({ length: LANES }, (_, number) => lane(number)));
  const names = (await readdir(folder)).filter((name) => name.startsWith('.'));
  assert.deepEqual(names, [], `${leftovers} temporary files had been left by killed writers`);
});

/** A process that rewrites one file over and over until it is killed: `node atomic-writer.js FILE STATE TEXT TEXT…`. */
import { readVersioned, writeAtomically } from '../../src/system/atomic-file.ts';

const [file = '', state = '', size = '0', ...letters] = process.argv.slice(2);

process.stdout.write('ready\n');
for (let turn = 0; ; turn += 1) {
  const before = await readVersioned(file);
  if (before.kind !== 'read') throw new Error(`${before.code} ${before.errno}`);
  const text = (letters[turn % letters.length] ?? '').repeat(Number(size));
  const outcome = await writeAtomically(file, text, before.version, state);
  if (outcome.kind === 'failed') throw new Error(`${outcome.code} ${outcome.errno}`);
}

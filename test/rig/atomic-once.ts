/** Rewrites one file once and prints what came of it: `node atomic-once.js FILE STATE TEXT`. */
import { readVersioned, writeAtomically } from '../../src/system/atomic-file.ts';

const [file = '', state = '', text = ''] = process.argv.slice(2);
const before = await readVersioned(file);
const outcome = before.kind === 'read' ? await writeAtomically(file, text, before.version, state) : before;
process.stdout.write(JSON.stringify(outcome));

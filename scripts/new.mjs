/** `npm run new cause token-expired`: a new file and its test from the templates. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { at, filesUnder, run } from './lib/project.mjs';

const FOLDERS = { cause: 'causes', client: 'clients', format: 'formats' };

const [kind, id] = process.argv.slice(2);
const folder = FOLDERS[kind];
if (folder === undefined || id === undefined || !/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(id)) {
  console.error(`Usage: npm run new ${Object.keys(FOLDERS).join('|')} some-id`);
  process.exit(2);
}

const title = id.replaceAll('-', ' ').replace(/^./, (letter) => letter.toUpperCase());
const targets = filesUnder(at('scripts', 'templates'), (name) => name.startsWith(`${kind}.`)).map((template) => ({
  template,
  path: template.endsWith('.test.ts.txt') ? `src/${folder}/${id}.test.ts` : `src/${folder}/${id}.ts`,
}));

for (const { path } of targets) {
  if (existsSync(at(path))) {
    console.error(`${path} exists already.`);
    process.exit(2);
  }
}
for (const { template, path } of targets) {
  writeFileSync(at(path), readFileSync(template, 'utf8').replaceAll('{{id}}', id).replaceAll('{{title}}', title));
  console.log(`wrote ${path}`);
}
// The new id has to be in the id union before the new file compiles.
process.exitCode = await run(process.execPath, [at('scripts', 'gen.mjs')]);

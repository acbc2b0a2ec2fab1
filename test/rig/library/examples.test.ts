/** Every example of docs/library.md and of the doc comments, run as a user would run it: against dist/, with the real packages. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { listenLocal } from '../../../src/index.ts';
import { ROOT } from '../../contracts/repository.ts';
import { statefulV1 } from '../../lab/servers/sdk-v1.ts';

/** Inside the package, so that `mcpreach` means dist/ by its own exports. */
const FOLDER = join(ROOT, 'build', 'examples');
mkdirSync(FOLDER, { recursive: true });
after(() => rmSync(FOLDER, { recursive: true, force: true }));

interface Example {
  readonly name: string;
  readonly code: string;
  /** What it prints; null when the text does not say. */
  readonly output: string | null;
}

/** Fenced `js` blocks, each with the `text` block right after it. */
function examplesIn(file: string, markdown: string): readonly Example[] {
  const blocks = [...markdown.matchAll(/^```js\n(.*?)^```$(?:\s*^```text\n(.*?)^```$)?/gms)];
  return blocks.map(([, code = '', output], index) => ({ name: `${file}, example ${index + 1}`, code, output: output ?? null }));
}

/** The doc comments of a source, as Markdown. */
function commentsOf(source: string): string {
  return [...source.matchAll(/\/\*\*(.*?)\*\//gs)].map(([, text = '']) => text.replace(/^ *\* ?/gm, '')).join('\n');
}

async function freePort(): Promise<number> {
  const { port, close } = await listenLocal(createServer(), 0);
  await close();
  return port;
}

function runFile(path: string): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [path], { stdio: ['ignore', 'pipe', 'pipe'], timeout: 30_000 });
    const said = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
    child.on('close', (code) => resolve({ code, ...said }));
  });
}

async function check({ name, code, output }: Example, index: number): Promise<void> {
  // Examples are written for port 3000; here each gets one of its own, with a server behind it unless it brings one.
  const brings = code.includes('listenLocal(');
  const app = brings ? null : await statefulV1();
  const server = app === null ? null : createServer(app.handle);
  if (server !== null) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const port = server === null ? await freePort() : (server.address() as AddressInfo).port;
  // Nothing listens on 3001.
  const closed = await freePort();
  const here = (text: string) => text.replace(/\b3000\b/g, String(port)).replace(/\b3001\b/g, String(closed));
  const path = join(FOLDER, `${process.pid}-${index}.mjs`);
  writeFileSync(path, here(code));
  try {
    const { code: exit, stdout, stderr } = await runFile(path);
    assert.equal(exit, 0, `${name}\n${stderr}`);
    if (output !== null) assert.equal(stdout.trimEnd(), here(output).trimEnd(), name);
  } finally {
    server?.close().closeAllConnections();
    await app?.close?.();
  }
}

const documented = examplesIn('docs/library.md', readFileSync(join(ROOT, 'docs', 'library.md'), 'utf8'));
const LIBRARY = join(ROOT, 'src', 'library');
const commented = readdirSync(LIBRARY)
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  .flatMap((name) => examplesIn(`src/library/${name}`, commentsOf(readFileSync(join(LIBRARY, name), 'utf8'))));

describe('examples', () => {
  for (const [index, example] of [...documented, ...commented].entries()) test(example.name, () => check(example, index));

  test('are all found', () => {
    assert.ok(documented.length >= 10, `${documented.length} in docs/library.md`);
    assert.ok(documented.every(({ output }) => output !== null));
    assert.equal(commented.length, 3);
  });
});

test('importing the library loads nothing but itself', async () => {
  // A resolve hook in Node's own hook thread names every module that is asked for.
  const hooks = `export async function resolve(name, context, next) {
    const found = await next(name, context);
    process._rawDebug('loaded ' + found.url);
    return found;
  }`;
  const path = join(FOLDER, `${process.pid}-light.mjs`);
  const data = `data:text/javascript,${encodeURIComponent(hooks)}`;
  writeFileSync(path, `import { register } from 'node:module';\nregister(${JSON.stringify(data)});\nawait import('mcpreach');\n`);
  const { code, stderr } = await runFile(path);
  assert.equal(code, 0, stderr);
  const loaded = [...stderr.matchAll(/^loaded (.*)$/gm)].map(([, url = '']) => url);
  assert.ok(
    loaded.some((url) => url.endsWith('/dist/index.js')),
    stderr,
  );
  const foreign = loaded.filter((url) => !url.startsWith('node:') && !url.includes('/dist/'));
  assert.deepEqual(foreign, []);
});

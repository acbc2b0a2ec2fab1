/** Compiles everything to build/ and bundles the program and the library into dist/. */
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { at, filesUnder, ROOT, run, shown, toolPath } from './lib/project.mjs';
import { bundledPackages, renderNotices } from './lib/notices.mjs';
import { newestSource, STAMP } from './lib/stamp.mjs';

const DIST = at('dist');

/** Compiles src, test and bench file for file. Throws when there is a type error. */
export async function compile() {
  removeOrphans();
  const code = await run(process.execPath, [toolPath('typescript', 'tsc'), '-p', ROOT]);
  if (code !== 0) throw new Error('The TypeScript compiler found errors.');
}

/** tsc leaves the output of removed sources behind, and the unit lane would go on running removed tests. */
function removeOrphans() {
  for (const folder of ['src', 'test', 'bench']) {
    for (const output of filesUnder(at('build', folder))) {
      const source = at(
        shown(output)
          .replace(/^build\//, '')
          .replace(/(?:\.d\.ts|\.js|\.js\.map)$/, '.ts'),
      );
      if (!existsSync(source)) rmSync(output);
    }
  }
}

/** Hands tsc's source maps on, with the sources inside, so that stack traces of the bundle lead to TypeScript. */
const sourceMaps = {
  name: 'source-maps',
  load(id) {
    if (!id.startsWith(at('build')) || !existsSync(`${id}.map`)) return null;
    const map = JSON.parse(readFileSync(`${id}.map`, 'utf8'));
    map.sourcesContent = map.sources.map((source) => readFileSync(join(dirname(id), source), 'utf8'));
    return { code: readFileSync(id, 'utf8'), map };
  },
};

async function bundle() {
  const bundler = await rolldown({
    cwd: ROOT,
    input: { cli: at('build/src/cli/main.js'), index: at('build/src/index.js') },
    platform: 'node',
    // Some packages have a UMD `main` whose inner requires no bundler can follow.
    resolve: { mainFields: ['module', 'main'] },
    plugins: [sourceMaps],
    onLog(level, log, handle) {
      // A warning here (an unresolved import, a missing export) is a crash on somebody's machine.
      handle(level === 'warn' ? 'error' : level, log);
    },
  });
  rmSync(DIST, { recursive: true, force: true });
  const { output } = await bundler.write({
    dir: DIST,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
    sourcemap: true,
    // What most commands share is one file: opening forty small ones takes longer than compiling this. Not the version, which is
    // printed without it; and apart from what needs TLS, cryptography or processes, which Node takes long to load.
    codeSplitting: {
      groups: [
        {
          name: 'core',
          test: /build\/src\/(?:model\/(?!version|.*-examples|examples|account|broken-|container|failing-|filter|foreign-|log|looked-|proxy|routes|sandbox|selinux|system-proxy|way-|wsl|certificates|exchange-words|strangers|reverse-proxies)|facts\/|wire\/|system\/(?:addresses|clock|dns|error-code|gate|home|http|sockets\/canonical|state-folder|tcp)\.js)/,
          minShareCount: 4,
          priority: 2,
        },
        {
          name: 'machine',
          test: /build\/src\/system\/(?:certificates|host|hosts-file|peek|pem-file|tls|tls-records|tls-decrypt|trusted-roots|sockets|processes|executables)/,
          minShareCount: 3,
          priority: 1,
        },
        {
          // Little ones that most commands come to sooner or later.
          name: 'small',
          test: /build\/src\/(?:cli\/command|commands\/(?:duration|header|configs\/config-step)|formats\/(?:catalogue|words)|probes\/proxy-rules\/(?:endpoint|hosts)|system\/(?:config-files|state-file))\.js/,
          minShareCount: 2,
          priority: 3,
        },
        {
          // And those that ask servers.
          name: 'asking',
          test: /build\/src\/(?:probes\/(?:attempt|context|exchange|trust)|system\/(?:busyness|log-tail|trust-file)|model\/(?:container|failing-|filter|foreign-|log|looked-|proxy|routes|sandbox|system-proxy|way-|wsl|certificates|exchange-words|strangers|reverse-proxies)[^/]*)\.js/,
          minShareCount: 2,
          priority: 2,
        },
      ],
    },
    // Half the text is half the time to compile it; the source maps keep stack traces readable.
    minify: true,
  });
  await bundler.close();
  return output;
}

/** Copies the declarations that dist/index.js is described by: index.d.ts and what it reaches. */
function copyDeclarations() {
  const root = at('build', 'src');
  const queue = [join(root, 'index.d.ts')];
  const seen = new Set(queue);
  for (const path of queue) {
    // `./x.ts` is what tsc leaves in declarations; `./x.js` is what every consumer's settings understand.
    const text = readFileSync(path, 'utf8').replace(
      /((?:from|import\()\s*['"])(\.{1,2}\/[^'"]+)\.ts(['"])/g,
      (_, before, target, after) => {
        const next = join(dirname(path), `${target}.d.ts`);
        if (!seen.has(next)) {
          seen.add(next);
          queue.push(next);
        }
        return `${before}${target}.js${after}`;
      },
    );
    const copy = join(DIST, 'types', path.slice(root.length));
    mkdirSync(dirname(copy), { recursive: true });
    writeFileSync(copy, text);
  }
}

/** Everything from sources to dist/. Throws with a plain message on the first failure. */
export async function build() {
  const newest = newestSource();
  rmSync(STAMP, { force: true });
  await compile();
  const output = await bundle();
  const cli = join(DIST, 'cli.js');
  if (!readFileSync(cli, 'utf8').startsWith('#!')) throw new Error('dist/cli.js lost its #! line.');
  chmodSync(cli, 0o755);
  copyDeclarations();
  // The interpreter for PAC files, beside the chunk that loads it.
  copyFileSync(at('node_modules', 'quickjs-wasi', 'quickjs.wasm'), join(DIST, 'chunks', 'quickjs.wasm'));
  writeFileSync(join(DIST, 'THIRD-PARTY-NOTICES.txt'), renderNotices(bundledPackages(output)));
  writeFileSync(STAMP, String(newest));
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    await build();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

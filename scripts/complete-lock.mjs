/**
 * Adds what `npm install` left out of package-lock.json: packages for other systems that the registry in use does not
 * have (company mirrors often lack them). Without them `npm ci` refuses the file, here and on those systems.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { at } from './lib/project.mjs';

const SYSTEMS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const PROCESSORS = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];

const path = at('package-lock.json');
const lock = JSON.parse(readFileSync(path, 'utf8'));

/** Binary packages say in their names what they are for. */
function entryFor(name, version, { dev }) {
  const words = name.split(/[^a-z0-9]+/);
  const os = SYSTEMS.filter((system) => words.includes(system));
  const cpu = PROCESSORS.filter((processor) => words.includes(processor));
  if (cpu.length !== 1) throw new Error(`Cannot tell which system ${name} is for.`);
  return { version, cpu, ...(dev ? { dev } : {}), optional: true, ...(os.length > 0 ? { os } : {}) };
}

const missing = new Map();
for (const [owner, locked] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(locked.optionalDependencies ?? {})) {
    const nested = `${owner}/node_modules/${name}`;
    const hoisted = `node_modules/${name}`;
    if (lock.packages[nested] !== undefined || lock.packages[hoisted] !== undefined) continue;
    if (!/^\d+\.\d+\.\d+/.test(version)) throw new Error(`${owner} wants ${name} ${version}, which is no exact version.`);
    const place = missing.get(hoisted)?.version === version || !missing.has(hoisted) ? hoisted : nested;
    missing.set(place, entryFor(name, version, locked));
  }
}

const sorted = Object.entries({ ...lock.packages, ...Object.fromEntries(missing) }).sort(([a], [b]) => a.localeCompare(b, 'en'));
writeFileSync(path, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`);
console.log(`${missing.size} packages added to package-lock.json`);

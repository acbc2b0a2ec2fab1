/** Tells a first download from a hang: by the installers in the server's process tree, by what they write, and by what they say. */
import type { DownloadEvidence } from '../../model/stdio.ts';
import { join } from 'node:path';
import { newestChange, readActivity } from '../../system/processes/activity.ts';
import type { ProcessActivity } from '../../system/processes/activity.ts';

type Tool = DownloadEvidence['tool'];

/** Command lines of programs that fetch packages. npm writes over its own: `npm exec NAME`. */
const INSTALLERS: readonly (readonly [RegExp, Tool])[] = [
  [/^npm (?:exec|install|i|x)\b|\b(?:npx|npm)(?:-cli\.js)?(?:\s|$)|\b(?:pnpm|yarn)\b.*\b(?:dlx|exec)\b/, 'npm'],
  [/(?:^|\/)uvx?(?:\s|$)/, 'uv'],
  [/(?:^|\/)(?:docker|podman)\b.* (?:run|pull)\b/, 'docker'],
  [/\bpip3?\b.* install\b|(?:^|\/)pipx(?:\s|$)/, 'pip'],
  [/(?:^|\/)bunx(?:\s|$)|(?:^|\/)bun\b.* (?:x|install|add)\b/, 'bun'],
];

/** Programs that only stand between an installer and what it installs. */
const WRAPPER = /^(?:\/bin\/)?(?:sh|bash|dash|env)(?:\s|$)|^npm-shrinkwrap|node-gyp|\bpostinstall\b/;

/** What tools print while they fetch. */
const SAYS: readonly (readonly [RegExp, Tool, 'start' | 'end'])[] = [
  [/Unable to find image '[^']+' locally|Pulling from |Pulling fs layer|: Downloading\b|: Extracting\b/, 'docker', 'start'],
  [/Status: (?:Downloaded newer image|Image is up to date)/, 'docker', 'end'],
  [/^\s*(?:Downloading|Building|Resolved \d+ packages|Prepared \d+ packages)\b/, 'uv', 'start'],
  [/^\s*Installed \d+ packages? in\b/, 'uv', 'end'],
  [/^Collecting \S+|^\s+Downloading \S+\.whl/, 'pip', 'start'],
  [/^Successfully installed /, 'pip', 'end'],
  [/^Download https?:\/\//, 'deno', 'start'],
];

/** An installer that wrote nothing for so long has come to a standstill. */
const STILL_MS = 5_000;
/** Less is what a package manager writes to its log and to its screen. */
const NOTEWORTHY_BYTES = 64 * 1024;

export interface DownloadWatch {
  /** Looks at the tree as it is now. */
  look(pids: readonly number[], atMs: number): void;
  /** Hears a line of standard error. */
  hear(line: string, atMs: number): void;
  /** What was seen until now; null when nothing was being fetched. */
  read(atMs: number): DownloadEvidence | null;
}

export function installerOf({ argv }: Pick<ProcessActivity, 'argv'>): Tool | null {
  const line = argv.join(' ');
  return INSTALLERS.find(([pattern]) => pattern.test(line))?.[1] ?? null;
}

/** Folders in which npm and uv put what they fetch. */
export function cachesOf(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  const home = environment['HOME'] ?? environment['USERPROFILE'];
  const npm = environment['npm_config_cache'] ?? (home === undefined ? undefined : join(home, '.npm'));
  const base = environment['XDG_CACHE_HOME'] ?? (home === undefined ? undefined : join(home, '.cache'));
  const uv = environment['UV_CACHE_DIR'] ?? (base === undefined ? undefined : join(base, 'uv'));
  return [
    ...(npm === undefined ? [] : [join(npm, '_cacache', 'tmp'), join(npm, '_cacache', 'content-v2', 'sha512'), join(npm, '_npx')]),
    ...(uv === undefined ? [] : [uv, join(uv, 'archive-v0'), join(uv, 'builds-v0')]),
  ];
}

export function createDownloadWatch(caches: readonly string[] = []): DownloadWatch {
  let tool: Tool | null = null;
  let lastSignMs = 0;
  let alone = false;
  let said: 'start' | 'end' | null = null;
  let lastChange = newestChange(caches);
  let grew = false;
  const written = new Map<number, number>();
  const signs = new Set<string>();

  function total(): number {
    return [...written.values()].reduce((sum, one) => sum + one, 0);
  }

  return {
    look(pids, atMs) {
      const all = readActivity(pids);
      const installers = all.filter((one) => installerOf(one) !== null);
      // Once the server itself runs below it, the installer only waits for its end.
      alone = installers.length > 0 && all.every((one) => installerOf(one) !== null || WRAPPER.test(one.argv.join(' ')));
      if (!alone) return;
      tool ??= installerOf(installers[0] ?? { argv: [] });
      const before = total();
      for (const { pid, writtenBytes } of installers) if (writtenBytes !== null) written.set(pid, writtenBytes);
      const change = newestChange(caches);
      if (total() > before || change > lastChange) lastSignMs = atMs;
      grew ||= change > lastChange;
      lastChange = change;
    },
    hear(line, atMs) {
      const match = SAYS.find(([pattern]) => pattern.test(line));
      if (match === undefined) return;
      [, tool, said] = match;
      lastSignMs = atMs;
      if (signs.size < 5) signs.add(line.trim().slice(0, 120));
    },
    read(atMs) {
      const bytes = written.size === 0 ? null : total();
      const fetched = said !== null || grew || (bytes ?? 0) >= NOTEWORTHY_BYTES;
      if (tool === null || (!fetched && !alone)) return null;
      const busy = fetched && (said === 'start' || (said === null && alone));
      const words =
        bytes === null
          ? grew
            ? [`the cache of ${tool} grew, and the server had not started yet`]
            : []
          : [`${tool} wrote ${Math.round(bytes / 1024)} kB and had not started the server yet`];
      return { tool, running: busy && atMs - lastSignMs < STILL_MS, lastSignMs, bytes, signs: [...signs, ...(said === null ? words : [])] };
    },
  };
}

import type { Check } from '../check.ts';

/** The package or image that a launch command fetches; null when it fetches none. */
function fetched(command: string, args: readonly string[]): { readonly what: string; readonly pinned: boolean } | null {
  const program = command
    .replace(/^.*[\\/]/, '')
    .replace(/\.(?:exe|cmd)$/i, '')
    .toLowerCase();
  if (program === 'cmd' && /^\/c$/i.test(args[0] ?? '')) return fetched(args[1] ?? '', args.slice(2));
  switch (program) {
    case 'npx':
    case 'bunx':
    case 'pnpx':
      return npmPackage(args);
    case 'pnpm':
    case 'yarn':
      return args[0] === 'dlx' ? npmPackage(args.slice(1)) : null;
    case 'uvx':
      return pythonPackage(args);
    case 'uv':
      return args[0] === 'tool' && args[1] === 'run' ? pythonPackage(args.slice(2)) : null;
    case 'pipx':
      return args[0] === 'run' ? pythonPackage(args.slice(1)) : null;
    case 'docker':
    case 'podman':
      return args[0] === 'run' ? image(args.slice(1)) : null;
    default:
      return null;
  }
}

function isPath(text: string): boolean {
  return /^(?:[./~\\]|[A-Za-z]:[\\/])/.test(text) || text.startsWith('file:');
}

function npmPackage(args: readonly string[]): ReturnType<typeof fetched> {
  const flag = args.findIndex((arg) => arg === '-p' || arg === '--package');
  const what = flag === -1 ? args.find((arg) => !arg.startsWith('-')) : args[flag + 1];
  if (what === undefined || isPath(what)) return null;
  return { what, pinned: /^(?:@[^/]+\/)?[^@]+@\^?~?\d/.test(what) || /#[0-9a-f]{7,}$/.test(what) };
}

function pythonPackage(args: readonly string[]): ReturnType<typeof fetched> {
  const flag = args.findIndex((arg) => arg === '--from' || arg === '--spec');
  const what = flag === -1 ? args.find((arg) => !arg.startsWith('-')) : args[flag + 1];
  if (what === undefined || isPath(what)) return null;
  return { what, pinned: /(?:==|@)\d/.test(what) || /@[0-9a-f]{7,}$|@v\d/.test(what) };
}

/** Options of `docker run` that take a value of their own. */
const WITH_VALUE =
  /^(?:-[evpwulhm]|--(?:env|env-file|volume|publish|workdir|user|label|hostname|memory|name|network|mount|entrypoint|add-host|platform|pull|restart|cpus))$/;

function image(args: readonly string[]): ReturnType<typeof fetched> {
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? '';
    if (WITH_VALUE.test(arg)) index += 1;
    else if (!arg.startsWith('-')) return { what: arg, pinned: /@sha256:/.test(arg) || (/:[^/]+$/.test(arg) && !arg.endsWith(':latest')) };
  }
  return null;
}

/** A launch command that fetches whatever version is newest: it may change, or break, from one start to the next. */
export const unpinnedLaunch: Check = (entry) => {
  const found = entry.command === null || entry.unread !== null ? null : fetched(entry.command, entry.args);
  if (found === null || found.pinned) return [];
  return [
    {
      code: 'unpinned-launch',
      severity: 'advice',
      position: entry.at['args']?.position ?? entry.position,
      summary: `"${entry.name}" starts whatever version of ${found.what} is newest.`,
      advice: 'Name the version that works.',
    },
  ];
};

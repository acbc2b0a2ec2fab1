import type { Signature } from './signature.ts';

const SPAWN = 'https://nodejs.org/api/child_process.html#spawning-bat-and-cmd-files-on-windows';
const ERRORS = 'https://nodejs.org/api/errors.html#common-system-errors';

/** Commands that did not start. */
export const COMMANDS: readonly Signature[] = [
  {
    id: 'command-missing',
    says: 'names a command that was not found',
    source: ERRORS,
    pattern:
      /spawn \S{1,200} ENOENT|command not found|(?:sh|bash|zsh|env): [^\n]{1,60}: (?:not found|No such file)|executable (?:file )?not found|is not recognized as|FileNotFoundError|WinError 2\]|program not found|Failed to spawn|CreateProcess error=2|Cannot run program|Win32Exception \(2\)|os error 2\b|No such file or directory \(os|konnte nicht gefunden werden|commande interne|comando interno|内部コマンド|不是内部或外部命令/i,
    causes: { 'command-not-found': 6, 'env-path-missing': 4, 'cwd-missing': 0.7 },
  },
  {
    id: 'command-missing-windows-script',
    says: 'names npx or a script that Windows starts through a shell only',
    source: SPAWN,
    pattern: /spawn (?:npx|npm|pnpm|yarn|bunx)(?:\.cmd)? (?:ENOENT|EINVAL)/i,
    when: { system: ['windows'] },
    causes: { 'windows-npx-cmd': 9 },
  },
  {
    id: 'command-missing-script',
    says: 'names npx or another script, which Windows starts through a shell only; the text does not say which system it is of',
    source: SPAWN,
    pattern: /spawn (?:npx|npm|pnpm|yarn|bunx) (?:ENOENT|EINVAL)/i,
    when: { system: ['unknown'] },
    causes: { 'windows-npx-cmd': 4, 'env-path-missing': 1 },
  },
  {
    id: 'command-missing-path',
    says: 'names npx or uv, which a program without the PATH of a shell does not find',
    source: 'https://nodejs.org/api/child_process.html#child_processspawncommand-args-options',
    pattern: /(?:spawn |exec: "?)(?:npx|npm|node|uvx?|pnpm|yarn|bunx?|deno|python3?|docker)"?:? (?:ENOENT|executable file not found)/i,
    when: { system: ['linux', 'macos', 'wsl'] },
    causes: { 'env-path-missing': 4 },
  },
  {
    id: 'command-missing-own',
    says: 'names a command that is no common launcher, so that its name may be no command at all',
    source: ERRORS,
    pattern: /spawn (?!(?:npx|npm|node|uvx?|pnpm|yarn|bunx?|deno|python3?|docker)\b)\S{1,200} ENOENT/i,
    causes: { 'command-not-found': 2 },
  },
  {
    id: 'script-without-shell',
    says: 'tells of a .cmd file that was started without a shell',
    source: SPAWN,
    pattern: /spawn (?:\S{1,200}\.cmd )?EINVAL/i,
    causes: { 'windows-npx-cmd': 10 },
  },
  {
    id: 'not-permitted',
    says: 'tells of a file that may not be executed or read',
    source: 'https://man7.org/linux/man-pages/man2/execve.2.html',
    errno: ['EACCES', 'EPERM'],
    not: /10013|connect EPERM|socket|\d\.\d{1,9}:\d{2,5}\b/i,
    causes: { 'permission-denied': 9 },
  },
  {
    id: 'exit-126',
    says: 'names the exit code of a command that could not be executed',
    source: 'https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_08_02',
    pattern: /exit(?:ed)?(?: with)?(?: code| status)?[: ]{1,80}126\b/i,
    causes: { 'permission-denied': 8 },
  },
  {
    id: 'exit-127',
    says: 'names the exit code of a command that was not found',
    source: 'https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_08_02',
    pattern: /exit(?:ed)?(?: with)?(?: code| status)?[: ]{1,80}(?:127|9009)\b/i,
    causes: { 'command-not-found': 6, 'env-path-missing': 4 },
  },
  {
    id: 'docker-socket-forbidden',
    says: 'names the socket of the Docker daemon as forbidden',
    source: 'https://docs.docker.com/engine/install/linux-postinstall/',
    pattern: /permission denied[^\n]{0,100}docker[^\n]{0,40}sock|docker[^\n]{0,40}sock[^\n]{0,60}permission denied/i,
    causes: { 'permission-denied': 6 },
  },
  {
    id: 'docker-daemon-silent',
    says: 'tells of a Docker daemon that does not answer',
    source: 'https://docs.docker.com/engine/daemon/troubleshoot/',
    pattern: /Cannot connect to the Docker daemon|docker daemon is not running|dockerDesktopLinuxEngine|Is the docker daemon running/i,
    causes: { 'server-not-running': 5, 'backend-unreachable': 3, 'crash-on-boot': 4 },
  },
  {
    id: 'folder-missing',
    says: 'tells of a folder that does not exist',
    source: 'https://nodejs.org/api/child_process.html#child_processspawncommand-args-options',
    pattern:
      /\b(?:cwd|working directory|chdir|current directory)\b[^\n]{0,80}(?:ENOENT|not exist|No such file)|WinError 267|directory name is invalid/i,
    causes: { 'cwd-missing': 10 },
  },
  {
    id: 'command-of-web-server',
    says: 'shows a client that treats a command as an address, or an address as a command',
    source: 'https://modelcontextprotocol.io/specification/2025-11-25/basic/transports',
    pattern: /spawn https?:\/\/|(?:Protocol|Unsupported protocol|scheme)[^\n]{0,20}"?(?:npx|node|stdio|uvx|python):?"?/i,
    causes: { 'wrong-transport': 9, 'config-bad-entry': 2 },
  },
];

/** How clients start servers: what they look commands up with, and what they pass on. */

/**
 * PATH of a graphical program that no shell started: macOS' launchd gives the first; on Linux the session's PATH comes
 * from the login (/etc/environment and login.defs), never from `.bashrc` or `.zshrc`, where version managers put theirs.
 */
export const GUI_PATH: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  darwin: '/usr/bin:/bin:/usr/sbin:/sbin',
  linux: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/games:/usr/local/games:/snap/bin',
};

/** Variables that the MCP SDKs pass on to a server by default; everything else comes from the entry's `env`. */
export const SDK_VARIABLES: Readonly<Record<'posix' | 'win32', readonly string[]>> = {
  posix: ['HOME', 'LOGNAME', 'PATH', 'SHELL', 'TERM', 'USER'],
  win32: [
    'APPDATA',
    'HOMEDRIVE',
    'HOMEPATH',
    'LOCALAPPDATA',
    'PATH',
    'PATHEXT',
    'PROCESSOR_ARCHITECTURE',
    'PROGRAMFILES',
    'SYSTEMDRIVE',
    'SYSTEMROOT',
    'TEMP',
    'USERNAME',
    'USERPROFILE',
  ],
};

/** Commands people write for each other, the one that exists first. */
export const STAND_INS: Readonly<Record<string, readonly string[]>> = {
  python: ['python3', 'py'],
  python3: ['python', 'py'],
  pip: ['pip3'],
  node: ['nodejs'],
  nodejs: ['node'],
  uvx: ['uv'],
  docker: ['podman'],
  bunx: ['bun'],
};

/** Commands that start most MCP servers; a name one letter away from one of them is a typing error. */
export const LAUNCHERS = [
  'npx',
  'node',
  'npm',
  'uvx',
  'uv',
  'python3',
  'python',
  'docker',
  'deno',
  'bunx',
  'bun',
  'pipx',
  'pnpm',
  'java',
  'dotnet',
  'cargo',
  'go',
] as const;

/** How a missing command is installed, by the system's shell. */
export const INSTALL_COMMANDS: Readonly<Record<string, Readonly<Record<'posix' | 'win32', string>>>> = {
  node: { posix: 'nvm install --lts', win32: 'winget install OpenJS.NodeJS.LTS' },
  uv: {
    posix: 'curl -LsSf https://astral.sh/uv/install.sh | sh',
    win32: 'powershell -c "irm https://astral.sh/uv/install.ps1 | iex"',
  },
  bun: { posix: 'curl -fsSL https://bun.sh/install | bash', win32: 'powershell -c "irm bun.sh/install.ps1 | iex"' },
  deno: { posix: 'curl -fsSL https://deno.land/install.sh | sh', win32: 'winget install DenoLand.Deno' },
  python: { posix: 'uv python install', win32: 'winget install Python.Python.3.13' },
};

/** The package of {@link INSTALL_COMMANDS} that brings a command. */
export const BROUGHT_BY: Readonly<Record<string, string>> = {
  node: 'node',
  npx: 'node',
  npm: 'node',
  uv: 'uv',
  uvx: 'uv',
  bun: 'bun',
  bunx: 'bun',
  deno: 'deno',
  python: 'python',
  python3: 'python',
};

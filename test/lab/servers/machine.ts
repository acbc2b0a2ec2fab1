/** A home folder and a project in it, with the config files that a case gives them. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Bench } from '../bench.ts';
import type { Arranged } from '../fault.ts';
import type { App } from './app.ts';
import { statelessV1 } from './sdk-v1.ts';
import { scriptCommand, type ScriptParts } from './stdio-script.ts';

/** The file of each client in which its user's servers stand, on Linux. */
export const USER_FILE = {
  'claude-code': '~/.claude.json',
  'claude-desktop': '~/.config/Claude/claude_desktop_config.json',
  cline: '~/.cline/data/settings/cline_mcp_settings.json',
  codex: '~/.codex/config.toml',
  continue: '~/.continue/config.yaml',
  crush: '~/.config/crush/crush.json',
  cursor: '~/.cursor/mcp.json',
  'gemini-cli': '~/.gemini/settings.json',
  'github-copilot-cli': '~/.copilot/mcp-config.json',
  goose: '~/.config/goose/config.yaml',
  kiro: '~/.kiro/settings/mcp.json',
  'lm-studio': '~/.lmstudio/mcp.json',
  opencode: '~/.config/opencode/opencode.json',
  'qwen-code': '~/.qwen/settings.json',
  vscode: '~/.config/Code/User/mcp.json',
  windsurf: '~/.codeium/windsurf/mcp_config.json',
  zed: '~/.config/zed/settings.json',
} as const;

/** Clients of {@link USER_FILE}. */
export type LabClient = keyof typeof USER_FILE;

export interface Machine {
  /**
   * Texts by path: `~/…` below the home folder, others below the project. In them `<url>` stands for a healthy HTTP
   * server's address, `<node>` and `<server>` for the two words that start a stdio server, `<home>` and `<project>` for
   * the folders, `<port>` for a port that nobody holds.
   */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  /** Words of the command line. Default: none. */
  readonly words?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** What the stdio server does otherwise than a healthy one. */
  readonly script?: ScriptParts;
  /** The HTTP server. Default: a healthy one. */
  readonly app?: App | Promise<App>;
}

/** Writes the files of a machine and says how the doctor is run on it. */
export async function machine(bench: Bench, { files, words = [], args = [], env = {}, script, app }: Machine): Promise<Arranged> {
  const home = await bench.folder();
  const project = join(home, 'work', 'project');
  await mkdir(project, { recursive: true });
  const [node = '', server = ''] = await scriptCommand(bench, script);
  const listening = await bench.listen(app ?? statelessV1());
  const values: Readonly<Record<string, string>> = {
    url: listening.url(),
    node,
    server,
    home,
    project,
    port: String(await bench.freePort()),
  };
  const fill = (text: string): string => text.replace(/<(url|node|server|home|project|port)>/g, (_, name: string) => values[name] ?? '');
  for (const [path, content] of Object.entries(files)) {
    const file = path.startsWith('~/') ? join(home, path.slice(2)) : join(project, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, typeof content === 'string' ? fill(content) : content);
  }
  return { home, cwd: project, url: words.map(fill), args: args.map(fill), env };
}

/** A JSON file with one server of this name under this key. */
export function jsonWith(key: string, entry: Readonly<Record<string, unknown>>, name = 'lab'): string {
  return `${JSON.stringify({ [key]: { [name]: entry } }, null, 2)}\n`;
}

/** The entry of the healthy stdio server in most clients' form. */
export const BY_COMMAND = { command: '<node>', args: ['<server>'] } as const;

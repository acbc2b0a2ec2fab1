import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClientId } from '../model/ids.gen.ts';
import { configFiles, type Surroundings } from './locate.ts';
import { clientNamed, HERE } from '../../test/rig/clients.ts';

const MAC: Surroundings = { ...HERE, platform: 'darwin', home: '/Users/ada' };
const WINDOWS: Surroundings = {
  platform: 'win32',
  home: 'C:\\Users\\ada',
  cwd: 'D:\\app',
  project: 'D:\\app',
  environment: {
    AppData: 'C:\\Users\\ada\\AppData\\Roaming',
    LOCALAPPDATA: 'C:\\Users\\ada\\AppData\\Local',
    USERPROFILE: 'C:\\Users\\ada',
  },
};
const set = (variables: Record<string, string>): Surroundings => ({ ...HERE, environment: variables });

/** Files that current versions read. */
const paths = (id: ClientId, where: Surroundings): readonly string[] =>
  configFiles(clientNamed(id), where)
    .filter(({ rule }) => rule.read === undefined)
    .map(({ path }) => path);

const CASES: readonly (readonly [ClientId, Surroundings, string])[] = [
  ['claude-desktop', HERE, '/home/ada/.config/Claude/claude_desktop_config.json'],
  ['claude-desktop', set({ XDG_CONFIG_HOME: '/cfg' }), '/cfg/Claude/claude_desktop_config.json'],
  ['claude-desktop', MAC, '/Users/ada/Library/Application Support/Claude/claude_desktop_config.json'],
  ['claude-desktop', WINDOWS, 'C:\\Users\\ada\\AppData\\Roaming\\Claude\\claude_desktop_config.json'],
  [
    'claude-desktop',
    WINDOWS,
    'C:\\Users\\ada\\AppData\\Local\\Packages\\Claude_*\\LocalCache\\Roaming\\Claude\\claude_desktop_config.json',
  ],
  ['claude-code', HERE, '/home/ada/.claude.json'],
  ['claude-code', HERE, '/work/app/.mcp.json'],
  ['claude-code', set({ CLAUDE_CONFIG_DIR: '/cc' }), '/cc/.claude.json'],
  ['claude-code', WINDOWS, 'C:\\Users\\ada\\.claude.json'],
  ['claude-code', WINDOWS, 'C:\\Program Files\\ClaudeCode\\managed-mcp.json'],
  ['cursor', WINDOWS, 'D:\\app\\.cursor\\mcp.json'],
  ['vscode', MAC, '/Users/ada/Library/Application Support/Code/User/mcp.json'],
  ['vscode', WINDOWS, 'C:\\Users\\ada\\AppData\\Roaming\\Code\\User\\mcp.json'],
  ['vscode', HERE, '/home/ada/.config/Code/User/profiles/*/mcp.json'],
  ['visual-studio', WINDOWS, 'C:\\Users\\ada\\.mcp.json'],
  ['github-copilot-cli', set({ COPILOT_HOME: '/co' }), '/co/mcp-config.json'],
  ['github-copilot-cli', { ...HERE, cwd: '/work/app/a/b' }, '/work/app/a/.mcp.json'],
  ['cline', set({ CLINE_MCP_SETTINGS_PATH: '/x/y.json', CLINE_DIR: '/no' }), '/x/y.json'],
  ['cline', set({ CLINE_DIR: '~/cl' }), '/home/ada/cl/data/settings/cline_mcp_settings.json'],
  ['zed', MAC, '/Users/ada/.config/zed/settings.json'],
  ['zed', WINDOWS, 'C:\\Users\\ada\\AppData\\Roaming\\Zed\\settings.json'],
  ['gemini-cli', set({ GEMINI_CLI_HOME: '/g' }), '/g/.gemini/settings.json'],
  ['codex', set({ CODEX_HOME: '/c' }), '/c/config.toml'],
  ['opencode', set({ OPENCODE_CONFIG: 'mine.json' }), '/work/app/mine.json'],
  ['goose', WINDOWS, 'C:\\Users\\ada\\AppData\\Roaming\\Block\\goose\\config\\config.yaml'],
  ['openclaw', set({ OPENCLAW_STATE_DIR: '/s' }), '/s/openclaw.json'],
  ['continue', HERE, '/home/ada/.continue/mcpServers/*.yaml'],
];

for (const [id, where, path] of CASES) {
  test(`${id} on ${where.platform}: ${path}`, () => {
    assert.ok(paths(id, where).includes(path), paths(id, where).join('\n'));
  });
}

test('a variable takes the place of the usual path', () => {
  assert.ok(!paths('claude-code', set({ CLAUDE_CONFIG_DIR: '/cc' })).includes('/home/ada/.claude.json'));
  assert.ok(paths('claude-code', set({ CLAUDE_CONFIG_DIR: '' })).includes('/home/ada/.claude.json'));
});

test('Visual Studio is looked for on Windows only', () => {
  assert.deepEqual(paths('visual-studio', HERE), []);
});

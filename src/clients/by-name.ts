import type { Client } from './client.ts';
import { CLIENTS } from './index.gen.ts';

/** Names under which clients introduce themselves to servers (`clientInfo.name`) and that have nothing of their own id. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  'claude-ai': 'claude-desktop',
  'visual-studio-code': 'vscode',
  'local-agent-mode': 'claude-desktop',
};

/** The client that introduces itself by this name: `codex-mcp-client` is Codex, `OpenCode` is OpenCode. */
export function clientByName(name: string): Client | undefined {
  const slug = slugOf(name);
  const other = Object.keys(OTHER_NAMES).find((one) => isSelfOrLonger(slug, one));
  if (other !== undefined) return CLIENTS.find(({ id }) => id === OTHER_NAMES[other]);
  const fitting = CLIENTS.filter(({ id, title }) => [id, slugOf(title)].some((one) => isSelfOrLonger(slug, one)));
  // `claude-code` is not `claude`: the longest name that fits is meant.
  return fitting.sort((a, b) => b.id.length - a.id.length)[0];
}

function isSelfOrLonger(name: string, known: string): boolean {
  return name === known || name.startsWith(`${known}-`);
}

function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

import type { McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { UsageError } from '../../model/errors.ts';
import { createRedactor } from '../../model/redact.ts';
import type { Transport } from '../../model/target.ts';
import { addressOf } from '../configs/entry-plan.ts';
import type { EntryTarget, FileTarget } from '../configs/known.ts';
import { secretsOfEntry } from '../configs/secrets.ts';
import { resolveHere } from './resolve-here.ts';
import { errorAnswer, plainAnswer } from './answer.ts';
import type { Work } from './work.ts';

/** What `structuredContent` may hold besides the text; some hundred bytes each. */
const MOST_SERVERS = 40;
/** Characters of an address or sentence. */
const LONGEST = 160;

const INPUT = z.strictObject({
  client: z.string().min(1).max(100).optional().describe('Only the servers of this client, for example claude-code or cursor'),
});

interface ListedServer {
  /** What `diagnose` takes as a target. */
  readonly target: string;
  readonly name: string;
  readonly client: string;
  readonly source: { readonly file: string; readonly line: number; readonly column: number; readonly scope: string };
  readonly transport: Transport | null;
  readonly address: string;
  /** Whether its client uses the entry: not switched off, rejected, hidden by another one or in a place that is not read. */
  readonly used: boolean;
  /** Codes of what is wrong with the entry as it stands. */
  readonly problems: readonly string[];
}

/** The tool that reads the client configs of this machine. It starts and reaches nothing. */
export function registerListServers(server: McpServer, work: Work): void {
  server.registerTool(
    'list_servers',
    {
      title: 'List configured MCP servers',
      description:
        'Lists the MCP servers in the config files of every MCP client found on this machine, with client, file, transport and address. Reads files only; secrets are masked. Give the target of one to diagnose to find out whether it works.',
      inputSchema: INPUT,
      annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    },
    ({ client }, { mcpReq }) => work.during(mcpReq.signal, () => list(client ?? null)),
  );
}

async function list(client: string | null) {
  try {
    const { targets, looked } = await resolveHere([], client);
    const entries = targets.filter((target) => target.kind === 'entry');
    const broken = targets.filter((target) => target.kind === 'file').map(brokenFile);
    const servers = entries.slice(0, MOST_SERVERS).map(listed);
    const counts = `${entries.length === 1 ? '1 server' : `${entries.length} servers`} in the configs of this machine${entries.length > servers.length ? `; the first ${servers.length} follow, ask for one client to see others` : ''}.`;
    const lines = [
      entries.length === 0 && broken.length === 0 ? `${counts} Looked at: ${looked.join(', ')}` : counts,
      ...servers.map(line),
      ...broken.map(({ file, problems }) => `${file}: no server can be read (${problems.join(', ')})`),
    ];
    return plainAnswer(lines.join('\n'), { total: entries.length, servers, unreadable: broken });
  } catch (error) {
    if (error instanceof UsageError) return errorAnswer(error.message);
    throw error;
  }
}

function listed(target: EntryTarget): ListedServer {
  const { entry, problems } = target;
  const redact = createRedactor();
  for (const secret of secretsOfEntry(entry)) redact.add(secret);
  const short = (text: string) => (text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`);
  return {
    target: `${entry.client}:${short(entry.name)}`,
    name: short(entry.name),
    client: entry.client,
    source: { file: short(entry.file.shown), line: entry.position.line, column: entry.position.column, scope: entry.file.scope },
    transport: entry.transport,
    address: short(redact.text(addressOf(target))),
    used: !entry.disabled && entry.unread === null && entry.approval !== 'rejected',
    problems: [...new Set(problems.map(({ code }) => code))],
  };
}

function line({ target, transport, address, source, used, problems }: ListedServer): string {
  const remarks = [...(used ? [] : ['not used']), ...problems];
  return `${target}  ${transport ?? 'unknown transport'}  ${address}  (${source.file}:${source.line})${remarks.length === 0 ? '' : `  [${remarks.join(', ')}]`}`;
}

function brokenFile({ file, problems }: FileTarget) {
  return { file: file.shown, client: file.client, problems: [...new Set(problems.map(({ code }) => code))] };
}

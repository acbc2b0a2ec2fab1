import type { CallToolResult, McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { UsageError } from '../../model/errors.ts';
import { errorAnswer } from './answer.ts';
import type { Work } from './work.ts';

const INPUT = z.strictObject({
  client: z.string().min(1).max(100).optional().describe('Only the servers of this client, for example claude-code or cursor'),
});

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

async function list(client: string | null): Promise<CallToolResult> {
  try {
    // Loaded when first asked: a client starts us on its own start, and waits.
    const { listServers } = await import('./list-servers.ts');
    return await listServers(client);
  } catch (error) {
    if (error instanceof UsageError) return errorAnswer(error.message);
    throw error;
  }
}

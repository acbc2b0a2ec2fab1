import type { McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { SYSTEMS } from '../../facts/signatures/signature.ts';
import { renderExplanation } from '../../formats/explanation.ts';
import { LONGEST_TEXT } from '../explain/limits.ts';
import { LOOK, plainAnswer } from './answer.ts';
import type { Work } from './work.ts';

const INPUT = z.strictObject({
  text: z.string().min(1).max(LONGEST_TEXT).describe('The error message or the log, as it was printed; or a cause code of mcpreach'),
  os: z.enum(SYSTEMS).optional().describe('Where the failing side runs'),
  client: z.string().max(100).optional().describe('The MCP client that printed it, for example claude-desktop'),
});

/** The tool that reads a text. It touches nothing outside this program. */
export function registerExplain(server: McpServer, work: Work): void {
  server.registerTool(
    'explain_error',
    {
      title: 'Explain an MCP connection error',
      description:
        'Reads an error message or log of an MCP client or server and names up to five likely causes, best first, each with a score and the one thing to look at. Nothing is probed: use diagnose for proof when the address of the server is known.',
      inputSchema: INPUT,
      annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    },
    ({ text, os, client }, { mcpReq }) =>
      work.during(mcpReq.signal, async () => {
        const [{ explain }, { explainCode }] = await Promise.all([import('../explain.ts'), import('../explain/account.ts')]);
        const explanation = explainCode(text.trim()) ?? explain({ text, system: os, client });
        return plainAnswer(renderExplanation(explanation, LOOK), { ...explanation });
      }),
  );
}

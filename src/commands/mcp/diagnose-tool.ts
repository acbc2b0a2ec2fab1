import type { CallToolResult, McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { UsageError } from '../../model/errors.ts';
import { errorAnswer, reportAnswer } from './answer.ts';
import type { Work } from './work.ts';

/** More than that, and the answer has room for the verdicts only; an agent that wants more asks again. */
const MOST_TARGETS = 20;
/** Longer than any address is in practice. */
const LONGEST_TARGET = 2048;
/** Most clients give a tool call a minute; a diagnosis that takes longer is thrown away. */
const LONGEST_ANSWER_MS = 40_000;
const LONGEST_PATIENCE_MS = 10_000;

const INPUT = z.strictObject({
  targets: z
    .array(z.string().min(1).max(LONGEST_TARGET))
    .min(1)
    .max(MOST_TARGETS)
    .describe(
      'Which servers: an http:// or https:// URL with its path as the client has it; NAME, CLIENT:NAME or CLIENT: (all of that client) for servers in the configs of this machine; or the path of a config file, PATH#NAME for one server in it',
    ),
  transport: z
    .enum(['http', 'sse'])
    .optional()
    .describe('The transport that a URL is configured with: http is Streamable HTTP, sse the older HTTP+SSE. Leave out when unknown.'),
  timeoutMs: z
    .int()
    .min(100)
    .max(LONGEST_ANSWER_MS)
    .optional()
    .describe('How long one answer of a server may take, in milliseconds. Default: three times what clients wait, at most 40000.'),
  patienceMs: z
    .int()
    .min(0)
    .max(LONGEST_PATIENCE_MS)
    .optional()
    .describe('How long a refused local address is watched for a server that is still starting, in milliseconds. Default: 5000.'),
});

/**
 * The tool that sends the doctor to servers. It starts the commands of configs as their clients would, and ends them again; those of
 * a project's config only when the user has agreed to that file before, since nobody can be asked here.
 */
export function registerDiagnose(server: McpServer, work: Work): void {
  server.registerTool(
    'diagnose',
    {
      title: 'Diagnose MCP servers',
      description:
        'Finds out why MCP servers cannot be reached. Makes a real MCP handshake with each, layer by layer (config, process, DNS, TCP, TLS, proxy, HTTP, MCP, tools), and names one root cause for each that fails, with the evidence and the exact steps that mend it. Use it when another MCP server does not connect, times out, or its tools are missing. Sends no credentials but those of the address or config entry itself; never shows them.',
      inputSchema: INPUT,
      annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
    },
    (input, { mcpReq }) => work.during(mcpReq.signal, (signal) => run(input, signal)),
  );
}

async function run({ targets, transport, timeoutMs, patienceMs }: z.infer<typeof INPUT>, signal: AbortSignal): Promise<CallToolResult> {
  try {
    // Loaded when first asked: a client starts us on its own start, and waits.
    const [{ diagnoseTargets }, { resolveHere }] = await Promise.all([import('../diagnose-targets.ts'), import('./resolve-here.ts')]);
    const resolved = await resolveHere([...new Set(targets)], null);
    const { report } = await diagnoseTargets(resolved.targets, {
      surroundings: resolved.surroundings,
      ...(transport === undefined ? {} : { transport }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(patienceMs === undefined ? {} : { patienceMs }),
      spawn: true,
      yes: false,
      signal,
    });
    return reportAnswer(report);
  } catch (error) {
    if (error instanceof UsageError) return errorAnswer(error.message);
    throw error;
  }
}

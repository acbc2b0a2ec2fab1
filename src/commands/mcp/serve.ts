import { McpServer } from '@modelcontextprotocol/server';
import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { VERSION } from '../../model/version.gen.ts';
import { registerDiagnose } from './diagnose-tool.ts';
import { registerExplain } from './explain-tool.ts';
import { registerListServers } from './list-tool.ts';
import { createWork, type Work } from './work.ts';

export interface ServeRequest {
  readonly signal: AbortSignal;
  /** Told of what goes wrong beside the answers; stdout belongs to the protocol. */
  readonly onError: (error: unknown) => void;
}

/** Serves our tools on stdin and stdout until the client closes stdin or the signal ends; nothing is left open then. */
export async function serveMcp({ signal, onError }: ServeRequest): Promise<void> {
  const work = createWork(onError);
  const transport = new StdioServerTransport();
  const connection = serveStdio(() => createServer(work), { transport, onerror: onError });
  await new Promise<void>((resolve) => {
    const inner = transport.onclose;
    transport.onclose = () => {
      inner?.();
      resolve();
    };
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (signal.aborted) resolve();
  });
  await Promise.all([work.end(), connection.close()]);
}

function createServer(work: Work): McpServer {
  const server = new McpServer(
    { name: 'mcpreach', title: 'mcpreach', version: VERSION },
    {
      instructions:
        'Finds out why other MCP servers cannot be reached. Give the address or the name of a server to diagnose, or an error message or log to explain_error; list_servers shows which servers the clients of this machine have. No file is changed.',
    },
  );
  registerDiagnose(server, work);
  registerExplain(server, work);
  registerListServers(server, work);
  return server;
}

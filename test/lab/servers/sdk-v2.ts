/** Servers made with the official TypeScript SDK v2: revision 2026-07-28 alone, and together with the older ones. */
import type { NodeIncomingMessageLike } from '@modelcontextprotocol/node';
import { type App, type AppOptions, pathOf } from './app.ts';

async function create(options: AppOptions, legacy: 'stateless' | 'reject'): Promise<App> {
  const { createMcpHandler, McpServer } = await import('@modelcontextprotocol/server');
  const { hostHeaderValidation, toNodeHandler } = await import('@modelcontextprotocol/node');
  const { z } = await import('zod');
  const handler = createMcpHandler(
    () => {
      const server = new McpServer({ name: 'lab-v2', version: '2.0.0' });
      server.registerTool(
        'add',
        { description: 'Adds two numbers.', inputSchema: z.object({ a: z.number(), b: z.number() }) },
        ({ a, b }) => ({
          content: [{ type: 'text' as const, text: String(a + b) }],
        }),
      );
      for (let number = 1; number <= (options.moreTools ?? 0); number += 1)
        server.registerTool(`tool-${number}`, { description: 'Does one thing, at length. '.repeat(20) }, () => ({ content: [] }));
      return server;
    },
    { legacy },
  );
  const serve = toNodeHandler(handler);
  const letIn = options.hosts === undefined ? () => true : hostHeaderValidation([...options.hosts]);
  const path = options.path ?? '/mcp';
  return {
    handle(request, response) {
      if (pathOf(request.url) !== path) {
        response.writeHead(404, { 'content-type': 'application/json' });
        response.end('{"error":"not found"}');
        return;
      }
      if (letIn(request, response)) void serve(request as NodeIncomingMessageLike, response);
    },
    close: () => handler.close(),
  };
}

/** Speaks 2026-07-28 only: `initialize` is refused. */
export function modernV2(options: AppOptions = {}): Promise<App> {
  return create(options, 'reject');
}

/** Speaks 2026-07-28 and, without sessions, everything before it. */
export function dualV2(options: AppOptions = {}): Promise<App> {
  return create(options, 'stateless');
}

import { type NodeIncomingMessageLike, toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { VERSION } from '../../model/version.gen.ts';
import type { RequestHandler } from '../../system/http-listener.ts';

/** A real MCP server with one tool, made with the official SDK; speaks every revision the SDK does. */
export function createDemoHandler(name: string): RequestHandler {
  const handler = createMcpHandler(() => {
    const server = new McpServer({ name, version: VERSION });
    server.registerTool('hello', { description: 'Says hello' }, () => ({ content: [{ type: 'text', text: 'hello' }] }));
    return server;
  });
  const serve = toNodeHandler(handler);
  return (request, response) => {
    // Its declarations were made without exactOptionalPropertyTypes; Node's own request is what it is made for.
    if (request.url === '/mcp') void serve(request as NodeIncomingMessageLike, response);
    else response.writeHead(404).end();
  };
}

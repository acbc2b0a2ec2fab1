/** The conformance suite's server on the official TypeScript SDK v2: revision 2026-07-28, and sessions for the older ones. */
import { randomUUID } from 'node:crypto';
import { NodeStreamableHTTPServerTransport, toNodeHandler } from '@modelcontextprotocol/node';
import {
  classifyInboundRequest,
  createMcpHandler,
  fromJsonSchema,
  isInitializeRequest,
  type JSONRPCMessage,
  McpServer,
  ResourceTemplate,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import { createEvents } from './events.ts';
import { CAPABILITIES, PROMPTS, readTemplate, RESOURCES, TEMPLATE, TOOLS } from './features.ts';
import { listen, refuse } from './listen.ts';
import { registerRounds, STATE } from './rounds.ts';

const sessions = new Map<string, NodeStreamableHTTPServerTransport>();

function createServer(): McpServer {
  const server = new McpServer(
    { name: 'conformance-v2', version: '1.0.0' },
    { capabilities: CAPABILITIES, requestState: { verify: STATE.verify } },
  );
  for (const { name, description, inputSchema, run } of TOOLS) {
    server.registerTool(
      name,
      { description, inputSchema: fromJsonSchema<Record<string, unknown>>(inputSchema) },
      async (args, context) => ({
        content: await run({
          args,
          progressToken: context.mcpReq._meta?.progressToken,
          notify: (method, params) => context.mcpReq.notify({ method, params } as Parameters<typeof context.mcpReq.notify>[0]),
          ask: (method, params) => context.mcpReq.send({ method, params }) as Promise<Record<string, unknown>>,
          hangUp: () => context.http?.closeSSE?.(),
        }),
      }),
    );
  }
  for (const { name, arguments: args, contents } of PROMPTS) {
    const told = (given: Readonly<Record<string, string>>) => ({
      messages: contents(given).map((content) => ({ role: 'user' as const, content })),
    });
    if (args.length === 0) server.registerPrompt(name, { description: name }, () => told({}));
    else
      server.registerPrompt(
        name,
        { description: name, argsSchema: z.object(Object.fromEntries(args.map((arg) => [arg, z.string()]))) },
        told,
      );
  }
  for (const { name, uri, mimeType, body } of RESOURCES) {
    server.registerResource(name, uri, { mimeType }, () => ({ contents: [{ uri, mimeType, ...body }] }));
  }
  server.registerResource(
    TEMPLATE.name,
    new ResourceTemplate(TEMPLATE.uriTemplate, { list: undefined }),
    { mimeType: TEMPLATE.mimeType },
    (uri, { id }) => ({ contents: [{ uri: uri.href, mimeType: TEMPLATE.mimeType, ...readTemplate(String(id)) }] }),
  );
  server.server.setRequestHandler('resources/subscribe', () => ({}));
  server.server.setRequestHandler('resources/unsubscribe', () => ({}));
  server.server.setRequestHandler('logging/setLevel', () => ({}));
  server.server.setRequestHandler('completion/complete', () => ({ completion: { values: [], total: 0, hasMore: false } }));
  registerRounds(server, { tools: () => modern.notify.toolsChanged(), prompts: () => modern.notify.promptsChanged() });
  return server;
}

const modern = createMcpHandler(createServer);
const serveModern = toNodeHandler(modern);

async function open(): Promise<NodeStreamableHTTPServerTransport> {
  const transport = new NodeStreamableHTTPServerTransport({
    sessionIdGenerator: () => randomUUID(),
    eventStore: createEvents<JSONRPCMessage>(),
    retryInterval: 1000,
    onsessioninitialized: (id: string) => void sessions.set(id, transport),
  });
  transport.onclose = () => void sessions.delete(transport.sessionId ?? '');
  await createServer().connect(transport);
  return transport;
}

const first = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value);

listen(async (request, response, body) => {
  const { headers, method = '' } = request;
  const version = first(headers['mcp-protocol-version']);
  const name = first(headers['mcp-method']);
  const inbound = classifyInboundRequest({
    httpMethod: method,
    ...(version === undefined ? {} : { protocolVersionHeader: version }),
    ...(name === undefined ? {} : { mcpMethodHeader: name }),
    body,
  });
  if (method === 'POST' && inbound.kind !== 'legacy') return serveModern(request as Parameters<typeof serveModern>[0], response, body);
  const id = first(headers['mcp-session-id']);
  const known = id === undefined ? undefined : sessions.get(id);
  if (known !== undefined) return known.handleRequest(request, response, body);
  if (id !== undefined) return refuse(response, 404, -32001, 'Session not found');
  if (!isInitializeRequest(body)) return refuse(response, 400, -32000, 'Bad Request: no session');
  return (await open()).handleRequest(request, response, body);
});

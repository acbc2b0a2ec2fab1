/** The conformance suite's server on the official TypeScript SDK v1: sessions, event streams that can be resumed. */
import { randomUUID } from 'node:crypto';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import {
  CallToolRequestSchema,
  CompleteRequestSchema,
  GetPromptRequestSchema,
  isInitializeRequest,
  type JSONRPCMessage,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  McpError,
  ReadResourceRequestSchema,
  ResultSchema,
  type ServerNotification,
  type ServerRequest,
  SetLevelRequestSchema,
  SubscribeRequestSchema,
  type Tool,
  UnsubscribeRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { createEvents } from './events.ts';
import { CAPABILITIES, PROMPTS, readTemplate, RESOURCES, TEMPLATE, TOOLS } from './features.ts';
import { listen, refuse } from './listen.ts';

const INVALID_PARAMS = -32602;
const sessions = new Map<string, StreamableHTTPServerTransport>();

function createServer(): Server {
  const server = new Server({ name: 'conformance-v1', version: '1.0.0' }, { capabilities: CAPABILITIES });
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: TOOLS.map(({ name, description, inputSchema }) => ({ name, description, inputSchema: inputSchema as Tool['inputSchema'] })),
  }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, extra) => {
    const found = TOOLS.find(({ name }) => name === params.name);
    if (found === undefined) throw new McpError(INVALID_PARAMS, `There is no tool ${params.name}`);
    try {
      const content = await found.run({
        args: params.arguments ?? {},
        progressToken: params._meta?.progressToken,
        notify: (method, more) => extra.sendNotification({ method, params: more } as ServerNotification),
        ask: (method, more) => extra.sendRequest({ method, params: more } as ServerRequest, ResultSchema),
        hangUp: () => extra.closeSSEStream?.(),
      });
      return { content };
    } catch (error) {
      return { content: [{ type: 'text', text: String(error) }], isError: true };
    }
  });
  server.setRequestHandler(ListPromptsRequestSchema, () => ({
    prompts: PROMPTS.map(({ name, arguments: args }) => ({
      name,
      description: name,
      arguments: args.map((arg) => ({ name: arg, required: true })),
    })),
  }));
  server.setRequestHandler(GetPromptRequestSchema, ({ params }) => {
    const found = PROMPTS.find(({ name }) => name === params.name);
    if (found === undefined) throw new McpError(INVALID_PARAMS, `There is no prompt ${params.name}`);
    return { messages: found.contents(params.arguments ?? {}).map((content) => ({ role: 'user', content })) };
  });
  server.setRequestHandler(ListResourcesRequestSchema, () => ({
    resources: RESOURCES.map(({ name, uri, mimeType }) => ({ name, uri, mimeType })),
  }));
  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({ resourceTemplates: [TEMPLATE] }));
  server.setRequestHandler(ReadResourceRequestSchema, ({ params: { uri } }) => {
    const id = /^test:\/\/template\/([^/]+)\/data$/.exec(uri)?.[1];
    if (id !== undefined) return { contents: [{ uri, mimeType: TEMPLATE.mimeType, ...readTemplate(id) }] };
    const found = RESOURCES.find((resource) => resource.uri === uri);
    if (found === undefined) throw new McpError(-32002, 'Resource not found', { uri });
    return { contents: [{ uri, mimeType: found.mimeType, ...found.body }] };
  });
  server.setRequestHandler(SubscribeRequestSchema, () => ({}));
  server.setRequestHandler(UnsubscribeRequestSchema, () => ({}));
  server.setRequestHandler(SetLevelRequestSchema, () => ({}));
  server.setRequestHandler(CompleteRequestSchema, () => ({ completion: { values: [], total: 0, hasMore: false } }));
  return server;
}

async function open(): Promise<StreamableHTTPServerTransport> {
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: () => randomUUID(),
    eventStore: createEvents<JSONRPCMessage>(),
    retryInterval: 1000,
    onsessioninitialized: (id) => void sessions.set(id, transport),
  });
  transport.onclose = () => void sessions.delete(transport.sessionId ?? '');
  await createServer().connect(transport);
  return transport;
}

listen(async (request, response, body) => {
  const id = request.headers['mcp-session-id'];
  const known = typeof id === 'string' ? sessions.get(id) : undefined;
  if (known !== undefined) return known.handleRequest(request, response, body);
  if (id !== undefined) return refuse(response, 404, -32001, 'Session not found');
  if (!isInitializeRequest(body)) return refuse(response, 400, -32000, 'Bad Request: no session');
  return (await open()).handleRequest(request, response, body);
});

/** Servers of the official TypeScript SDKs over standard streams: `official.js v1 | v2 | v2-modern`. */
const [kind = 'v1'] = process.argv.slice(2);
const { z } = await import('zod');
const pair = { a: z.number(), b: z.number() };
const sum = ({ a, b }: { a: number; b: number }) => ({ content: [{ type: 'text' as const, text: String(a + b) }] });

if (kind === 'v1') {
  const { McpServer } = await import('@modelcontextprotocol/sdk/server/mcp.js');
  const { StdioServerTransport } = await import('@modelcontextprotocol/sdk/server/stdio.js');
  const server = new McpServer({ name: 'rig-v1', version: '1.0.0' });
  server.registerTool('add', { description: 'Adds two numbers.', inputSchema: pair }, sum);
  await server.connect(new StdioServerTransport());
} else {
  const { McpServer } = await import('@modelcontextprotocol/server');
  const { serveStdio } = await import('@modelcontextprotocol/server/stdio');
  serveStdio(
    () => {
      const server = new McpServer({ name: 'rig-v2', version: '2.0.0' });
      server.registerTool('add', { description: 'Adds two numbers.', inputSchema: z.object(pair) }, sum);
      return server;
    },
    { legacy: kind === 'v2-modern' ? 'reject' : 'serve' },
  );
}

/** Servers over standard streams: `child.js modern | legacy | strict | silent`; the last two do not answer anything before `initialize`. */
import { legacyServer, modernServer } from './servers.ts';

const [kind = 'legacy'] = process.argv.slice(2);
const counters = { cancelled: 0 };

if (kind === 'modern') {
  const { serveStdio } = await import('@modelcontextprotocol/server/stdio');
  serveStdio(() => modernServer(counters, () => null), { legacy: 'reject' });
} else {
  const { StdioServerTransport } = await import('@modelcontextprotocol/sdk/server/stdio.js');
  const transport = new StdioServerTransport();
  await (await legacyServer(counters)).connect(transport);
  const { onmessage } = transport;
  let isOpened = false;
  transport.onmessage = (message) => {
    isOpened ||= 'method' in message && message.method === 'initialize';
    if (isOpened || kind === 'legacy') onmessage?.(message);
    // As servers built on rmcp do.
    else if (kind === 'strict') process.exit(1);
  };
}

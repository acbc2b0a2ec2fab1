/** The limit for `connect`: its job with nothing to spare. One line in, one POST out, and what comes back is a line. */
import { Agent, type IncomingMessage, request } from 'node:http';
import { createInterface } from 'node:readline';

const url = new URL(process.argv[2] ?? '');
const agent = new Agent({ keepAlive: true });
const headers: Record<string, string> = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };

function pass(response: IncomingMessage, ended: () => void): void {
  const session = response.headers['mcp-session-id'];
  if (typeof session === 'string') headers['mcp-session-id'] = session;
  const isStream = response.headers['content-type']?.startsWith('text/event-stream') === true;
  let text = '';
  response.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    if (!isStream) return;
    for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
      const data = text
        .slice(0, end)
        .split('\n')
        .find((line) => line.startsWith('data: '));
      if (data !== undefined && data.length > 6) process.stdout.write(`${data.slice(6)}\n`);
      text = text.slice(end + 2);
    }
  });
  response.on('end', () => {
    if (!isStream && text !== '') process.stdout.write(`${text}\n`);
    ended();
  });
}

function post(line: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const length = String(Buffer.byteLength(line));
    const sent = request(url, { method: 'POST', agent, headers: { ...headers, 'content-length': length } }, (answer) =>
      pass(answer, resolve),
    );
    sent.on('error', reject).end(line);
  });
}

// The first message makes the session: the others wait for it.
let first: Promise<void> | null = null;
createInterface({ input: process.stdin })
  .on('line', (line) => {
    if (first === null) first = post(line);
    else if (headers['mcp-session-id'] === undefined) void first.then(() => post(line));
    else void post(line);
  })
  .on('close', () => process.exit(0));

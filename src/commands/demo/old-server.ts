import { startGroup } from '../../system/processes/start-group.ts';
import { within } from '../../system/clock.ts';

export interface OldServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Node needs some 100 ms to start; this is for a machine under load. */
const START_MS = 10_000;

/** Ends with its input, so that it cannot outlive even a demo that was killed. No character in it is special to a shell. */
const SCRIPT = [
  "process.title = 'old-dev-server';",
  "const page = '<!doctype html><title>My old app</title><div id=root></div>';",
  "const server = require('node:http').createServer((request, response) => response.setHeader('content-type', 'text/html').end(page));",
  "server.listen(0, '127.0.0.1', () => console.log(server.address().port));",
  "process.stdin.on('end', () => process.exit()).resume();",
].join(' ');

/** Another program that holds a port and answers everything with a page. */
export async function startOldServer(signal: AbortSignal): Promise<OldServer> {
  let listening: (port: number) => void = () => undefined;
  const port = new Promise<number>((resolve) => {
    listening = resolve;
  });
  const exec = process.platform === 'win32' ? '' : 'exec ';
  const group = startGroup({
    command: `${exec}"${process.execPath}" -e "${SCRIPT}"`,
    environment: process.env,
    onStdoutLine: (line) => listening(Number(line)),
  });
  const known = await within(port, START_MS, null, signal);
  if (known !== null) return { port: known, close: group.end };
  await group.end();
  signal.throwIfAborted();
  throw new Error(`the page server of the demo did not start: ${group.stderr().join(' ')}`);
}

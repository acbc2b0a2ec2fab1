/** Servers of the fault lab as processes of their own, so that a test can kill them and start them again on the same port. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

const SERVE = fileURLToPath(new URL('../lab/servers/serve.js', import.meta.url));

export interface LabServer {
  readonly child: ChildProcess;
  /** SIGKILL, and until it is gone. */
  kill(): Promise<void>;
}

/** Starts a server of the catalogue; resolves when it listens. */
export async function startServer(app: string, port: number, options: object = {}): Promise<LabServer> {
  const child = spawn(process.execPath, [SERVE, app, '--port', String(port), '--options', JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve());
    child.once('exit', (code) => reject(new Error(`${app} ended with ${code}`)));
  });
  return {
    child,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

/** A port of 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

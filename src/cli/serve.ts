import { printable } from '../formats/foreign.ts';
import { hasFlag, type Parsed, valueOf, valuesOf } from './command.ts';
import type { Session } from './session.ts';

/** Serves until it is interrupted or the command cannot run. */
export async function runServe(parsed: Parsed, session: Session): Promise<number> {
  const { runService } = await import('../commands/serve/serve.ts');
  const quiet = hasFlag(parsed, 'quiet');
  return runService({
    command: parsed.commandLine,
    port: valueOf(parsed, 'port'),
    host: valueOf(parsed, 'host'),
    path: valueOf(parsed, 'path'),
    sse: hasFlag(parsed, 'sse'),
    shared: hasFlag(parsed, 'shared'),
    token: valueOf(parsed, 'token'),
    tokenVariable: valueOf(parsed, 'tokenEnv'),
    insecure: hasFlag(parsed, 'insecure'),
    allowedOrigins: valuesOf(parsed, 'allowOrigin'),
    allowedHosts: valuesOf(parsed, 'allowHost'),
    maxSessions: valueOf(parsed, 'maxSessions'),
    idle: valueOf(parsed, 'idle'),
    timeout: valueOf(parsed, 'timeout'),
    environment: process.env,
    cwd: process.cwd(),
    signal: session.signal,
    note: (line) => (quiet ? undefined : session.note(`${printable(line)}\n`)),
    error: (line) => session.note(`mcpreach: ${printable(line)}\n`),
    print: (line) => session.print(`${line}\n`),
  });
}

import { openStdioLink } from '../../bridge/links/stdio.ts';
import type { LinkFailure } from '../../bridge/links/link.ts';
import { serve, type Service } from '../../bridge/serve/serve.ts';
import { createRedactor } from '../../model/redact.ts';
import { maskOutput } from '../../system/processes/early-end.ts';
import { signalNumber } from '../../system/processes/signal-number.ts';
import { readSettings, type ServeRequest } from './options.ts';

/** Runs `mcpreach serve` from options to exit code. Throws UsageError. */
export async function runService(request: ServeRequest): Promise<number> {
  const { signal, note, error } = request;
  const settings = readSettings(request);
  const { guard } = settings;
  const redactor = createRedactor();
  if (guard.token !== null) redactor.add(guard.token);
  const environment = { ...request.environment };
  // The token is for those who come to us; the command has no use for it.
  if (request.tokenVariable !== undefined) delete environment[request.tokenVariable];
  const mask = (text: string) => redactor.text(maskOutput(text));

  const started = await serve({
    open: openStdioLink({
      command: settings.command,
      cwd: request.cwd,
      environment,
      mask,
      endOnSignal: false,
      onStderr: note,
      onNoise: (line) => note(`mcpreach: not a message, not passed on: ${line}`),
    }),
    shared: request.shared,
    path: settings.path,
    ssePath: request.sse ? '/sse' : null,
    port: settings.port,
    guard,
    maxSessions: settings.maxSessions,
    idleMs: settings.idleMs,
    readyMs: settings.readyMs,
    note: (line) => note(`mcpreach: ${line}`),
  });
  if (started.kind === 'port-taken') {
    error(await portTaken(settings.port, started));
    return 1;
  }
  const { service } = started;
  announce(service, settings.path, request);
  const why = await Promise.race([service.hopeless, interrupted(signal)]);
  await service.close();
  if (why === null) return 0;
  error(`the command cannot be served: ${why.detail}`);
  for (const line of why.lastLines) error(line);
  return exitCodeOf(why);
}

function announce({ addresses, port }: Service, path: string, { port: asked, host, print, note, sse }: ServeRequest): void {
  const [address = '127.0.0.1'] = addresses;
  const shown = host === undefined ? '127.0.0.1' : address.includes(':') ? `[${address}]` : address;
  const url = `http://${shown}:${port}${path}`;
  if (asked === '0') print(url);
  note(`mcpreach: serving ${url}${addresses.length > 1 ? ' (and on ::1)' : ''}${sse ? ', HTTP+SSE at /sse' : ''}`);
}

async function portTaken(port: number, { address, code }: { readonly address: string; readonly code: string }): Promise<string> {
  const shown = address.includes(':') ? `[${address}]` : address;
  if (code === 'EACCES') return `port ${port} needs more rights than this user has (EACCES); choose one above 1023 with --port`;
  if (code !== 'EADDRINUSE') return `cannot listen on ${shown}:${port} (${code})`;
  const { holderOf } = await import('./port-holder.ts');
  const holder = await holderOf(port);
  return `port ${port} is taken${holder === null ? '' : ` by ${holder}`}; end that program, or choose another port with --port`;
}

function interrupted(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(null), { once: true });
    if (signal.aborted) resolve(null);
  });
}

/** As a shell has it: 127 not found, 126 not executable, 128 + n for signals, else the command's own code. */
function exitCodeOf({ code, status }: LinkFailure): number {
  if (code === 'ENOENT') return 127;
  if (code === 'EACCES' || code === 'EPERM') return 126;
  const number = code === null ? null : signalNumber(code);
  if (number !== null) return 128 + number;
  return status === null || status === 0 ? 1 : status;
}

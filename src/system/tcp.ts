import { connect } from 'node:net';
import { nextTick } from 'node:process';
import { TCP_OUTCOMES } from '../facts/errno.ts';
import type { Address, TcpAttempt, TcpOutcome } from '../model/evidence.ts';
import { after, now } from './clock.ts';

/** One connection to one address by itself, closed again at once. Never throws: a failure is the result. */
export function connectOnce(
  target: Address & { readonly port: number },
  options: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<TcpAttempt> {
  return connectFrom(target, options).then(({ attempt }) => attempt);
}

/** The same, with the port it was made from; null when the system gave none. */
export function connectFrom(
  target: Address & { readonly port: number },
  options: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<{ readonly attempt: TcpAttempt; readonly localPort: number | null }> {
  const started = now();
  let localPort: number | null = null;
  return new Promise((resolve) => {
    // An address literal needs no resolver, and so no happy eyeballs of Node's own.
    const socket = connect({ host: target.address, port: target.port, autoSelectFamily: false });
    const settle = (outcome: TcpOutcome, code: string | null) => {
      cancel();
      options.signal.removeEventListener('abort', abort);
      const localAddress = outcome === 'open' ? (socket.localAddress ?? null) : null;
      socket.destroy();
      resolve({ attempt: { ...target, outcome, code, localAddress, ms: now() - started }, localPort });
    };
    // The port is given when connecting begins, which is on the next tick for a literal; a failed socket does not tell it any more.
    nextTick(() => {
      const own = socket.address();
      localPort = 'port' in own ? own.port : null;
    });
    const abort = () => settle('failed', 'ABORT_ERR');
    const cancel = after(options.timeoutMs, () => settle('timed-out', 'ETIMEDOUT'));
    options.signal.addEventListener('abort', abort, { once: true });
    socket.once('connect', () => settle('open', null));
    // Stays: an error after settling (a late reset) must not become an uncaught exception.
    socket.on('error', (error: NodeJS.ErrnoException) => settle(TCP_OUTCOMES[error.code ?? ''] ?? 'failed', error.code ?? null));
    if (options.signal.aborted) abort();
  });
}

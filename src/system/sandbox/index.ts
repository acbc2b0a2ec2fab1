/** What confines this process, and a connection to ourselves that shows it. */
import { type AddressInfo, createServer } from 'node:net';
import { TCP_OUTCOMES } from '../../facts/errno.ts';
import type { SandboxEvidence } from '../../model/sandbox.ts';
import { connectOnce } from '../tcp.ts';
import { readLinux } from './linux.ts';
import { marksIn } from './marks.ts';

/** What one system tells about a process's confinement. */
export type Confinement = Omit<SandboxEvidence, 'own' | 'ms'>;

/** What the operating system says; elsewhere than on Linux it says nothing, and only marks and the own connection tell. */
export async function readConfinement(signal: AbortSignal): Promise<Confinement> {
  const marks = marksIn(process.env);
  if (process.platform === 'linux' || process.platform === 'android') {
    const found = await readLinux(signal);
    return { ...found, marks: [...marks, ...found.marks] };
  }
  const missing = { kind: 'not-measured', why: `${process.platform} does not tell a process what confines it` } as const;
  return {
    marks,
    seccompFilters: missing,
    noNewPrivileges: missing,
    label: missing,
    interfaces: missing,
    unit: { kind: 'measured', value: null },
  };
}

/** Listens on a free port of 127.0.0.1 and connects to it. Nothing but this process and the system takes part. */
export async function connectToSelf(timeoutMs: number, signal: AbortSignal): Promise<SandboxEvidence['own']> {
  const server = createServer((socket) => socket.destroy());
  const failure = await new Promise<NodeJS.ErrnoException | null>((resolve) => {
    server.once('error', resolve);
    server.listen({ host: '127.0.0.1', port: 0 }, () => resolve(null));
  });
  if (failure !== null) {
    return { stage: 'listen', outcome: TCP_OUTCOMES[failure.code ?? ''] ?? 'failed', code: failure.code ?? null };
  }
  try {
    const { port } = server.address() as AddressInfo;
    const { outcome, code } = await connectOnce({ address: '127.0.0.1', family: 4, port }, { timeoutMs, signal });
    return { stage: 'connect', outcome, code };
  } finally {
    server.close();
  }
}

import { OWN_CONNECTION_MS } from '../facts/budgets.ts';
import type { SandboxEvidence } from '../model/sandbox.ts';
import { now } from '../system/clock.ts';
import { connectToSelf, readConfinement } from '../system/sandbox/index.ts';
import type { ProbeContext } from './context.ts';

/** What confines mcpreach itself. The same for every target of the run, so it is looked at once. */
export function probeSandbox({ signal, shared }: ProbeContext): Promise<SandboxEvidence> {
  return shared.once('sandbox', async () => {
    const started = now();
    const [confinement, own] = await Promise.all([readConfinement(signal), connectToSelf(OWN_CONNECTION_MS, signal)]);
    return { ...confinement, own, ms: now() - started };
  });
}

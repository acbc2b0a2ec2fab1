import { printable } from '../formats/foreign.ts';
import { hasFlag, type Parsed, valueOf, valuesOf } from './command.ts';
import type { Session } from './session.ts';

/** Bridges stdin and stdout to a target until stdin ends. */
export async function runConnect(parsed: Parsed, session: Session): Promise<number> {
  const { runBridge } = await import('../commands/connect/connect.ts');
  const transport = valueOf(parsed, 'transport');
  const quiet = hasFlag(parsed, 'quiet');
  return runBridge({
    targets: parsed.words,
    command: parsed.commandLine,
    hold: valueOf(parsed, 'hold'),
    queue: valueOf(parsed, 'queue'),
    memory: parsed.options['memory'] !== false,
    retryIdempotent: hasFlag(parsed, 'retryIdempotent'),
    headers: valuesOf(parsed, 'header'),
    headerVariables: valuesOf(parsed, 'headerEnv'),
    ca: valueOf(parsed, 'ca'),
    transport: transport === 'http' || transport === 'sse' ? transport : undefined,
    config: valueOf(parsed, 'config'),
    client: valueOf(parsed, 'client'),
    yes: hasFlag(parsed, 'yes'),
    input: process.stdin,
    output: process.stdout,
    signal: session.signal,
    note: (line) => (quiet ? undefined : session.note(`mcpreach: ${printable(line)}\n`)),
  });
}

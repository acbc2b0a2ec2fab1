import { printable } from '../formats/foreign.ts';
import type { Parsed } from './command.ts';
import type { Session } from './session.ts';

/** Serves on stdin and stdout until stdin ends. */
export async function runMcp(_parsed: Parsed, session: Session): Promise<number> {
  const { serveMcp } = await import('../commands/mcp/serve.ts');
  await serveMcp({
    signal: session.signal,
    onError: (error) => session.note(`mcpreach: ${printable(error instanceof Error ? error.message : String(error))}\n`),
  });
  return 0;
}

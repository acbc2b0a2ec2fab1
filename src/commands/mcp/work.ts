import { setMaxListeners } from 'node:events';
import type { CallToolResult } from '@modelcontextprotocol/server';
import { errorAnswer } from './answer.ts';

/** The tool calls of one connection: each ends when it is cancelled or when the connection ends. */
export interface Work {
  /** Runs one call under a signal of its own. What goes wrong in it is an answer, not the end of the server. */
  during(cancelled: AbortSignal, call: (signal: AbortSignal) => Promise<CallToolResult>): Promise<CallToolResult>;
  /** Aborts everything, and resolves when all of it has let go of its sockets. */
  end(): Promise<void>;
}

export function createWork(onError: (error: unknown) => void): Work {
  const ending = new AbortController();
  // Each call listens to it, and an agent may make many at once.
  setMaxListeners(0, ending.signal);
  const running = new Set<Promise<CallToolResult>>();
  return {
    during(cancelled, call) {
      const signal = AbortSignal.any([cancelled, ending.signal]);
      const result = call(signal).catch((error: unknown) => {
        if (signal.aborted) return errorAnswer('Cancelled.');
        onError(error);
        return errorAnswer(`A fault of mcpreach itself, please report it: ${error instanceof Error ? error.message : String(error)}`);
      });
      running.add(result);
      void result.then(() => running.delete(result));
      return result;
    },
    async end() {
      ending.abort();
      await Promise.all(running);
    },
  };
}

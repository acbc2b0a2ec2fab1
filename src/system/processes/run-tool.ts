import { execFile } from 'node:child_process';
import { win32 } from 'node:path';

/** What one of the system's own tools said. */
export type ToolResult =
  | { readonly kind: 'done'; readonly code: number; readonly stdout: Buffer; readonly stderr: string }
  /** It could not be run or did not end in time; `why` is fit to be shown. */
  | { readonly kind: 'failed'; readonly why: string };

/** Long enough for a cold PowerShell, short enough that a hanging tool does not hold up the report. */
const LONGEST_MS = 5_000;
const MOST_BYTES = 8 * 1024 * 1024;

/** A tool of Windows itself by its full path: a bare name would be looked for in the working directory first. */
export function windowsTool(name: string): string {
  return win32.join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', name);
}

/**
 * Runs a tool without a shell and in the C locale; its output stays bytes, since its encoding is not always UTF-8.
 * What must not stand on a command line, which everybody may read, goes to its standard input.
 */
export function runTool(file: string, args: readonly string[], signal: AbortSignal, input?: string): Promise<ToolResult> {
  const options = {
    signal,
    timeout: LONGEST_MS,
    maxBuffer: MOST_BYTES,
    encoding: 'buffer',
    windowsHide: true,
    env: { ...process.env, LC_ALL: 'C' },
  } as const;
  return new Promise((resolve) => {
    const child = execFile(file, args, options, (error, stdout, stderr) => {
      if (error === null) resolve({ kind: 'done', code: 0, stdout, stderr: stderr.toString() });
      else if (typeof error.code === 'number') resolve({ kind: 'done', code: error.code, stdout, stderr: stderr.toString() });
      else if (error.code === 'ENOENT') resolve({ kind: 'failed', why: `${file} is not installed` });
      else if (error.killed) resolve({ kind: 'failed', why: `${file} did not end within ${LONGEST_MS / 1000} s` });
      else resolve({ kind: 'failed', why: `${file} failed (${error.code ?? error.signal ?? 'unknown'})` });
    });
    if (input === undefined) return;
    // A tool that ends before it has read everything, or was not found, is told by its result.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}

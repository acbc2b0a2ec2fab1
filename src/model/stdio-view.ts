/** Plain questions to the evidence about a stdio target that several causes ask. Pure. */
import type { Layer } from './layer.ts';
import type { SpawnEvidence, StdioEvidence, StdioExchange } from './stdio.ts';

/** Whether a handshake came later than the client waits for it. */
export function isStdioLate({ target, handshake }: StdioEvidence): boolean {
  return handshake?.readyMs != null && handshake.readyMs > target.limitMs;
}

/** Whether the target works as its client would use it, the client's patience included. */
export function stdioWorks(evidence: StdioEvidence): boolean {
  return evidence.handshake?.result.kind === 'ready' && !isStdioLate(evidence);
}

/** The exchange that decided how the handshake ended. */
export function lastStdioExchange({ handshake }: StdioEvidence): StdioExchange | undefined {
  return handshake?.exchanges.at(-1);
}

/** Where a failed exchange bites: in the tool list when the handshake itself was good. */
export function layerOf({ handshake }: StdioEvidence): Layer {
  return handshake?.result.kind === 'tools-failed' ? 'tools' : 'mcp';
}

/** Whether the server ended, or could not be started, before it was done. */
export function endedEarly(evidence: StdioEvidence): boolean {
  const { spawn } = evidence;
  return (
    !stdioWorks(evidence) &&
    spawn !== undefined &&
    (spawn.startError !== null || spawn.exit !== null || lastStdioExchange(evidence)?.outcome.kind === 'ended')
  );
}

/** `exit code 1`, `signal SIGKILL`, `error ENOENT`: how a process ended. */
export function exitWords({ startError, exit }: SpawnEvidence): string {
  if (startError !== null) return `error ${startError}`;
  if (exit === null) return 'output closed';
  return exit.signal === null ? `exit code ${exit.code ?? 'unknown'}` : `signal ${exit.signal}`;
}

/** Stack frames, lone brackets, and the fields that Node prints below an error, and npm's remarks. */
const NOISE =
  /^\s*(?:at\s.*|[{}()[\],;^~]*|Node\.js v[\d.]+|npm (?:warn|notice)\b.*|node:internal\/.*|throw \w+;?|\w+: (?:'[A-Z_]+'|\[.*\]?),?)$/;

/** The last telling lines of standard error, as evidence shows them. */
export function lastWords({ stderr, detail }: SpawnEvidence, most = 5): readonly string[] {
  return stderr
    .filter((line) => !NOISE.test(line) && line.trim() !== detail)
    .slice(-most)
    .map((line) => `stderr: ${line.trim()}`);
}

/** `4.2 s` or `350 ms`. */
export function timeWords(ms: number): string {
  return ms >= 1000 ? `${(ms / 1000).toFixed(1).replace(/\.0$/, '')} s` : `${Math.round(ms)} ms`;
}

/** The program's name without folder and extension, in lower case. */
export function programOf(command: string): string {
  return (command.split(/[\\/]/).at(-1) ?? '').replace(/\.(?:exe|cmd|bat|ps1)$/i, '').toLowerCase();
}

/** Who waits, in the words of a sentence. */
export function clientWords({ target }: StdioEvidence): string {
  return target.client === null ? 'a client' : target.client.id;
}

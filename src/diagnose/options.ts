import type { DiagnosisListener } from '../model/events.ts';
import type { StdioClientFacts } from '../model/stdio.ts';
import type { ClientFacts } from '../model/target.ts';

/** One HTTP or HTTPS MCP endpoint to diagnose. */
export interface TargetInput {
  /** `http:` or `https:` URL. User info becomes an Authorization header, as in a browser; it is never shown. */
  readonly url: string;
  /** The configured transport; leave out when the address came without a type. */
  readonly transport?: 'http' | 'sse';
  /** Shown as the target's name; default: the address. Helps to tell which server on another port is meant. */
  readonly name?: string;
  readonly client?: ClientFacts;
  /** Sent with every request to this origin, and to no other. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Variables that count as the client's for this target (proxies, CA files). Default: those of the options. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** One stdio MCP server to diagnose: a command that a client starts and speaks to over its standard streams. */
export interface StdioInput {
  /** The program, without a shell: a name that is looked up along PATH, or a path. */
  readonly command: string;
  readonly args?: readonly string[];
  /** Variables that the entry sets; their values are never shown. */
  readonly env?: Readonly<Record<string, string>>;
  /** The folder it starts in. Default: ours. */
  readonly cwd?: string;
  /** Shown as the target's name; default: the command line. */
  readonly name?: string;
  readonly client?: StdioClientFacts;
  /** What the client passes on of its own variables: all, the MCP SDK's default list, or these names. Default: all. */
  readonly inherits?: 'all' | 'sdk' | readonly string[];
}

export interface DiagnoseOptions {
  /** Sent with every request to every target's own origin. */
  readonly headers?: Readonly<Record<string, string>>;
  /** PEM file with additional trusted roots. */
  readonly ca?: string;
  /** How long one answer may take, in milliseconds. Default: three times the client's own limit, at least 15 000, at most 40 000. */
  readonly timeoutMs?: number;
  /** How long a refused local address is watched, in milliseconds. Default 5000; 0 turns it off. */
  readonly patienceMs?: number;
  /** Shell command that starts the server; run and ended again by the doctor. */
  readonly start?: string;
  /** Whether `cat /proc/net/tcp` may be run in a container whose listening sockets nothing else tells. Default: no. */
  readonly exec?: boolean;
  /** Variables that count as the client's (proxies, CA files). Default: `process.env`. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Ends the diagnosis early; no socket, session or child survives it. */
  readonly signal?: AbortSignal;
  readonly onEvent?: DiagnosisListener;
}

/**
 * Everything a probe can learn about one stdio target: a server that a client starts itself and speaks to over its
 * standard streams. Facts only; a facet that is absent was not measured (see evidence.ts).
 */
import type { EarlyEnd, HostEvidence, JsonRpcError, ListeningSocket, ServerFacts, ToolsFacts } from './evidence.ts';
import type { LogEvidence } from './logs.ts';
import type { ClientFacts } from './target.ts';

/** What is known about a client that starts servers. */
export interface StdioClientFacts extends ClientFacts {
  /** A graphical program: on macOS and Linux it gets the system's PATH, not the one of the user's shell. */
  readonly gui: boolean;
  /** On Windows: starts programs without a shell, so that `.cmd` shims such as `npx` need `cmd /c` before them. */
  readonly needsCmdWrapper: boolean;
}

/** One launch command as a client means to run it; plain data, without any secret. */
export interface StdioTarget {
  /** The command line with secrets masked: the only form that may be shown. */
  readonly display: string;
  /** The program as configured. */
  readonly command: string;
  /** Its arguments, secrets masked. */
  readonly args: readonly string[];
  /** The server's name in a config, null for a bare command line. */
  readonly name: string | null;
  readonly client: StdioClientFacts | null;
  /** How long the client waits for the handshake, in milliseconds; assumed for a bare command line. */
  readonly limitMs: number;
  /** The folder it starts in, absolute. */
  readonly cwd: string;
  /** Names of the variables that the entry sets. Never their values. */
  readonly variables: readonly string[];
}

// --- executable ----------------------------------------------------------------------------------

/** The first line of a script, and where its interpreter is. */
export interface Shebang {
  /** As written, without `#!`. */
  readonly line: string;
  /** The program that reads the script: for `/usr/bin/env node` that is `node`. */
  readonly interpreter: string;
  /** Its path as found by the same lookup; null when there is none. */
  readonly found: string | null;
  /** The line ends with a carriage return, which the system takes for a part of the interpreter's name. */
  readonly carriageReturn: boolean;
}

/** Where a command leads to along one PATH. */
export type Resolution =
  | {
      readonly kind: 'found';
      readonly path: string;
      /** Every link on the way, in order, the real file last; empty when the path is no link. */
      readonly links: readonly string[];
      /** A Windows command file, which needs a shell to run. */
      readonly shim: 'cmd' | 'bat' | 'ps1' | null;
      readonly shebang: Shebang | null;
    }
  /** A file of that name is there and cannot be run. */
  | { readonly kind: 'not-executable'; readonly path: string; readonly why: 'mode' | 'directory' | 'broken-link' }
  /** Nothing of that name; `folders` is how many were looked at. */
  | { readonly kind: 'missing'; readonly folders: number };

/** A place outside the client's PATH where the command was found. */
export interface Whereabouts {
  /** `shell`: on the PATH of the user's shell; else the version manager or folder that keeps it. */
  readonly by: 'shell' | 'nvm' | 'asdf' | 'volta' | 'fnm' | 'mise' | 'pyenv' | 'homebrew' | 'local-bin' | 'cargo' | 'bun' | 'deno';
  readonly path: string;
}

/** The command as this client looks it up, and where else it is. */
export interface ExecutableEvidence {
  readonly resolution: Resolution;
  /** The same for the script's interpreter or the command itself where the client does not find it; shell first. */
  readonly elsewhere: readonly Whereabouts[];
  /** The user's shell finds the command, the client does not. */
  readonly shell: Resolution | null;
  /** Folders of the client's PATH, in order. */
  readonly searchPath: readonly string[];
  /** Whether the entry sets PATH itself. */
  readonly ownPath: boolean;
  /** A similar command that exists (`python3` for `python`), null when there is none. */
  readonly similar: string | null;
}

export interface WorkingDirectoryEvidence {
  readonly path: string;
  readonly state: 'ok' | 'missing' | 'not-a-directory' | 'not-permitted';
  /** The nearest folder above that exists. */
  readonly nearest: string | null;
}

/** The runtime's version against what the package asks for. */
export interface RuntimeEvidence {
  readonly name: 'node' | 'python' | 'deno' | 'bun' | 'uv';
  readonly path: string | null;
  /** As the runtime itself says; null when it did not. */
  readonly version: string | null;
  /** What the package asks for, as written, and where that stands. */
  readonly required: { readonly range: string; readonly source: string } | null;
  /** Null where one of both is unknown. */
  readonly satisfied: boolean | null;
  /** The server's own words about a version; null without any. */
  readonly said: { readonly line: string; readonly required: string | null; readonly found: string | null } | null;
}

// --- the running server --------------------------------------------------------------------------

/** A line of standard output that is no JSON-RPC message. */
export interface ForeignLine {
  readonly kind: /** Plain text. */
    | 'text'
    /** Text and a message share the line, so that the message is lost. */
    | 'glued'
    /** A byte order mark before a message, which no JSON parser takes. */
    | 'byte-order-mark'
    /** A message spread over several lines. */
    | 'spread'
    /** `Content-Length` framing of language servers. */
    | 'header'
    /** JSON, but no JSON-RPC message. */
    | 'json'
    /** Our own request, sent back. */
    | 'echo'
    /** Longer than any client reads. */
    | 'too-long';
  /** Secrets masked; at most 200 characters. */
  readonly text: string;
  /** Milliseconds after the start. */
  readonly atMs: number;
}

/** What became of the started process. */
export interface SpawnEvidence {
  /** errno name when it could not be started; null otherwise. */
  readonly startError: string | null;
  /** How it ended by itself; null while it lived until we ended it. */
  readonly exit: { readonly code: number | null; readonly signal: string | null; readonly atMs: number } | null;
  /** Why it ended, read from its output; null while it lived. */
  readonly early: EarlyEnd | null;
  /** The line that decided, secrets masked. */
  readonly detail: string | null;
  /** Lines of standard output that are no JSON-RPC, and the first five of them. */
  readonly foreign: { readonly count: number; readonly lines: readonly ForeignLine[] };
  /** Last lines of standard error, secrets masked; at most 20. */
  readonly stderr: readonly string[];
  /** Milliseconds from the start to the first byte of output and to the first JSON-RPC message; null without. */
  readonly firstOutputMs: number | null;
  readonly firstMessageMs: number | null;
  readonly ms: number;
}

export type StdioRequestName = 'initialize' | 'server/discover' | 'tools/list';

/** One request and what came of it. */
export interface StdioExchange {
  readonly request: StdioRequestName;
  readonly outcome:
    | { readonly kind: 'result' }
    | { readonly kind: 'error'; readonly error: JsonRpcError }
    /** A response whose result is not of the form the specification gives it. */
    | { readonly kind: 'malformed' }
    /** The process ended, or closed its output, before it answered. */
    | { readonly kind: 'ended' }
    | { readonly kind: 'timed-out' }
    /** It printed without end, and nothing of it was a message. */
    | { readonly kind: 'flooded' }
    | { readonly kind: 'cancelled' };
  readonly ms: number;
}

/** The handshake over standard streams, in the order in which it went. */
export interface StdioHandshake {
  readonly result:
    | { readonly kind: 'ready'; readonly server: ServerFacts; readonly tools: ToolsFacts | null }
    | { readonly kind: 'tools-failed'; readonly server: ServerFacts }
    | { readonly kind: 'failed' };
  readonly exchanges: readonly StdioExchange[];
  /** Revisions the server listed when it refused ours. */
  readonly offeredVersions: readonly string[];
  /** The revision of a handshake answer that no client speaks; null otherwise. */
  readonly unknownVersion: string | null;
  /** Milliseconds from the start to the handshake's answer; null without. */
  readonly readyMs: number | null;
  readonly ms: number;
}

/** A package or image being fetched before the server can start. */
export interface DownloadEvidence {
  readonly tool: 'npm' | 'uv' | 'docker' | 'pip' | 'bun' | 'deno';
  /** Whether it was still fetching when the time was up. */
  readonly running: boolean;
  /** Last sign of progress, milliseconds after the start. */
  readonly lastSignMs: number;
  /** Bytes it wrote; null where the system does not tell. */
  readonly bytes: number | null;
  /** What showed it, one per line. */
  readonly signs: readonly string[];
}

/** A server that listens instead of speaking on its standard output. */
export interface ListeningEvidence {
  /** Sockets of its own processes. */
  readonly sockets: readonly ListeningSocket[];
  /** The line in which it says so, secrets masked; null when it did not. */
  readonly banner: { readonly line: string; readonly stream: 'stdout' | 'stderr' } | null;
  /** The address named in that line or owned by its processes, as a URL. */
  readonly url: string | null;
  /** The MCP endpoint that completed a handshake there; null when none did. */
  readonly endpoint: { readonly url: string; readonly transport: 'http' | 'sse'; readonly server: ServerFacts } | null;
}

/** Variables that the server says it needs and does not have. */
export interface EnvironmentEvidence {
  readonly missing: readonly {
    readonly name: string;
    /** Set to an empty value, not set at all, or set to text that some client should have replaced. */
    readonly state: 'unset' | 'empty' | 'placeholder';
    /** Whether the user's own environment has it, so that the client did not pass it on. */
    readonly inShell: boolean;
  }[];
  /** The line that says so, secrets masked. */
  readonly line: string;
}

/** The server's own backend, refused. */
export interface BackendEvidence {
  /** `host:port` as named; only the host where no port was, null where neither was. */
  readonly address: string | null;
  /** errno name: `ECONNREFUSED`, `ENOTFOUND`, `ETIMEDOUT` … */
  readonly code: string;
  readonly from: 'stderr' | 'error';
  readonly line: string;
}

/** A package or image that its registry does not have. */
export interface PackageEvidence {
  readonly manager: 'npm' | 'uv' | 'pip' | 'docker' | 'python' | 'bun' | 'deno';
  /** As named in the output, or in the command line. */
  readonly name: string | null;
  readonly why: 'not-found' | 'no-such-version' | 'no-executable' | 'not-installed';
  readonly line: string;
}

/** All that is known about one stdio target. */
export interface StdioEvidence {
  readonly target: StdioTarget;
  readonly host: HostEvidence;
  readonly executable?: ExecutableEvidence;
  readonly workingDirectory?: WorkingDirectoryEvidence;
  readonly spawn?: SpawnEvidence;
  readonly handshake?: StdioHandshake;
  readonly runtime?: RuntimeEvidence;
  /** Null where the output says nothing of the kind. */
  readonly environment?: EnvironmentEvidence | null;
  readonly package?: PackageEvidence | null;
  readonly backend?: BackendEvidence | null;
  /** Null when nothing was seen being fetched. */
  readonly download?: DownloadEvidence | null;
  /** Null when it neither listens nor says so. */
  readonly listening?: ListeningEvidence | null;
  readonly log?: LogEvidence;
}

/** The facets of stdio evidence. */
export type StdioEvidenceKind = Exclude<keyof StdioEvidence, 'target' | 'host'>;

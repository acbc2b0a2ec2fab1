/** What the config files of MCP clients say: one entry per server and file, and what is wrong with it. Plain data. */
import type { Certainty, Severity } from './cause.ts';
import type { DocumentEdit, DocumentFormat, DocumentPath, Position } from './document.ts';
import type { ClientId } from './ids.gen.ts';
import type { Transport } from './target.ts';

/**
 * Whose file it is. `managed` and `system` belong to the administrator, `local` to one user in one project, `project` to
 * everybody who works in a folder, `plugin` to an extension of the client, `custom` to whoever set a variable.
 */
export type ConfigScope = 'managed' | 'system' | 'local' | 'project' | 'custom' | 'user' | 'profile' | 'plugin';

/** Whether the client asks before it uses an entry, and what it was told. */
export type Approval = 'not-needed' | 'needed' | 'approved' | 'rejected' | 'unknown';

/** Why a client takes no notice of an entry although it stands in a file. */
export type Unread = 'wrong-key' | 'wrong-file' | 'superseded' | 'syntax' | 'hidden';

/** A config file as one client reads it. */
export interface ConfigFile {
  /** Null for a file that is no client's, such as one of Compose. */
  readonly client: ClientId | null;
  /** Absolute path. */
  readonly path: string;
  /** The path as it is shown: relative below the working directory, with `~` below the home folder. */
  readonly shown: string;
  readonly scope: ConfigScope;
  readonly format: DocumentFormat;
}

/** Where one field of an entry stands. */
export interface FieldPlace {
  readonly path: DocumentPath;
  /** The value's place. */
  readonly position: Position;
}

/** One server as one client's config file defines it. Full of secrets: values of `env`, `headers`, `url` and `args` are shown only masked. */
export interface ConfigEntry {
  readonly client: ClientId;
  readonly name: string;
  readonly file: ConfigFile;
  /** Keys from the document's root to the entry. */
  readonly path: DocumentPath;
  /** Of the entry's name; of its value where it has none. */
  readonly position: Position;
  /** By normalised name: `type` `command` `args` `args.0` `env` `env.NAME` `cwd` `url` `headers` `headers.NAME` `timeout` `disabled`. */
  readonly at: Readonly<Record<string, FieldPlace>>;
  /** What the entry asks for; null when that cannot be told. */
  readonly transport: Transport | null;
  /** The client tries HTTP+SSE when Streamable HTTP does not answer. */
  readonly alsoSse: boolean;
  readonly command: string | null;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Variables that the client hands on by name. */
  readonly passedVariables: readonly string[];
  /** A file with more variables, as written. */
  readonly envFile: string | null;
  readonly cwd: string | null;
  readonly url: string | null;
  readonly headers: Readonly<Record<string, string>>;
  /** Headers whose value the client takes from a variable: header name to variable name. */
  readonly headerVariables: Readonly<Record<string, string>>;
  /** The entry's own limit for starting, in milliseconds; null when it sets none. */
  readonly timeoutMs: number | null;
  readonly disabled: boolean;
  readonly approval: Approval;
  /** Null when the client reads the entry. */
  readonly unread: Unread | null;
  /** The entry as it was read from the file. */
  readonly raw: unknown;
}

/** Public codes of what can be wrong with a config, or with a Compose file. */
export type ConfigCode =
  | 'config-syntax'
  | 'config-wrong-key'
  | 'config-wrong-file'
  | 'config-bad-entry'
  | 'config-unset-variable'
  | 'config-port-clash'
  | 'config-duplicate-name'
  | 'config-needs-approval'
  | 'config-ignored-field'
  | 'config-timeout-unit'
  | 'secret-in-config'
  | 'unpinned-launch'
  | 'prefer-stdio'
  | 'container-loopback'
  | 'container-network'
  | 'container-port-unpublished'
  | 'compose-no-health-gate'
  | 'exposed-to-network';

/** One change to one file, planned without I/O. */
export type EditIntent = DocumentEdit & { readonly file: string };

/** Edits that belong together: all are made, or none. */
export interface Mend {
  readonly title: string;
  readonly edits: readonly EditIntent[];
}

/** Something wrong with a config file or one of its entries. */
export interface ConfigProblem {
  readonly code: ConfigCode;
  /** `error`: the client does not get to the server by this entry, whatever the server does. */
  readonly severity: Severity;
  readonly certainty: Certainty;
  readonly file: ConfigFile;
  /** Null when the whole file is concerned. */
  readonly server: string | null;
  readonly position: Position;
  /** The offending line, secrets masked. */
  readonly line: string;
  /** One sentence without any secret. */
  readonly summary: string;
  /** What to do where no edit can do it, or besides; null when the mend says everything. */
  readonly advice: string | null;
  readonly mend: Mend | null;
  /** What it is worth when the server answers all the same, as that client reads the entry; null when that changes nothing. */
  readonly ifReached: { readonly code: ConfigCode; readonly severity: Severity } | null;
}

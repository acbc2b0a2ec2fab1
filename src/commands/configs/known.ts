import type { Client } from '../../clients/client.ts';
import type { EntryShape } from '../../clients/shape.ts';
import type { ConfigEntry, ConfigFile, ConfigProblem } from '../../model/config.ts';
import type { Position } from '../../model/document.ts';

/** One server of one client's config, with what was found about it. */
export interface EntryTarget {
  readonly kind: 'entry';
  readonly client: Client;
  readonly shape: EntryShape;
  readonly entry: ConfigEntry;
  /** Of the entry, and of the file as a whole. */
  readonly problems: readonly ConfigProblem[];
  /** The file's text; edits are planned against it. */
  readonly text: string;
}

/** A config file in which no server can be read, or something in a server's place that is none. */
export interface FileTarget {
  readonly kind: 'file';
  /** The file's shown path, or the name under which no server stands. */
  readonly name: string;
  readonly client: Client;
  readonly file: ConfigFile;
  readonly problems: readonly ConfigProblem[];
  readonly text: string;
}

/** A service of a Compose file, or the file itself. It is read, and nothing is asked or started. */
export interface ComposeTarget {
  readonly kind: 'compose';
  /** The service's name, or the file's shown path. */
  readonly name: string;
  /** `FILE#SERVICE`, or the file with what of it was not read. */
  readonly address: string;
  readonly transport: 'http' | null;
  readonly file: ConfigFile;
  readonly position: Position;
  readonly problems: readonly ConfigProblem[];
  /** What is said of it when nothing is wrong. */
  readonly summary: string;
  readonly text: string;
}

/** One server as somebody means to reach it. */
export type Target =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'command'; readonly command: string; readonly args: readonly string[] }
  | EntryTarget
  | FileTarget
  | ComposeTarget;

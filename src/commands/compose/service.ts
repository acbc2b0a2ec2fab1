/** One service of a Compose file, in the words of this lint: its forms made one, its variables replaced by their defaults. */
import type { DocumentPath } from '../../model/document.ts';

/** One port that is published to the host. */
export interface PublishedPort {
  /** The address of the host it is bound to; null for all of them. */
  readonly address: string | null;
  /** Null when the engine chooses one, or the file does not say. */
  readonly host: number | null;
  readonly inner: number;
  readonly protocol: string;
  /** Where it stands in the document. */
  readonly path: DocumentPath;
  /** Whether it is written as one text, `8080:3000`. */
  readonly short: boolean;
}

/** A text of the service whose variables are replaced, with its place. */
export interface Value {
  readonly name: string;
  /** Null when it depends on a variable without a default. */
  readonly text: string | null;
  readonly path: DocumentPath;
}

export interface Dependency {
  readonly service: string;
  /** Null in the short form, which is the same as `service_started`. */
  readonly condition: string | null;
  readonly path: DocumentPath;
}

export interface HealthCheck {
  readonly isOff: boolean;
  /** The command, word by word without `CMD` or `CMD-SHELL`; one text when a shell reads it. */
  readonly words: readonly string[];
  readonly path: DocumentPath;
}

export interface Service {
  readonly name: string;
  readonly path: DocumentPath;
  readonly image: string | null;
  /** Folder or Dockerfile it is built from. */
  readonly build: string | null;
  /** Words of entrypoint and command, with the place of each. */
  readonly words: readonly Value[];
  readonly environment: readonly Value[];
  readonly ports: readonly PublishedPort[];
  readonly exposed: readonly number[];
  readonly dependsOn: readonly Dependency[];
  readonly healthCheck: HealthCheck | null;
  /** Names of the networks it joins; `default` when it names none. */
  readonly networks: readonly string[];
  /** `host`, `none`, `service:NAME` …; null for networks of the project. */
  readonly networkMode: string | null;
  /** Names by which others find it beside its own. */
  readonly aliases: readonly string[];
  readonly extraHosts: readonly string[];
  readonly profiles: readonly string[];
  /** A file whose service this one extends, which was not read. */
  readonly elsewhere: string | null;
}

export interface ComposeFile {
  readonly services: readonly Service[];
  /** Files that are taken in and were not read. */
  readonly included: readonly string[];
}

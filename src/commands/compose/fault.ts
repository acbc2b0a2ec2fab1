import type { Certainty, Severity } from '../../model/cause.ts';
import type { ConfigCode } from '../../model/config.ts';
import type { DocumentEdit, DocumentPath } from '../../model/document.ts';
import type { ComposeFile, Service } from './service.ts';

/** An edit, and the same in words for where the text cannot be changed safely: in anchors, or in what is extended. */
export interface ComposeMend {
  readonly title: string;
  /** What to write, as one line of YAML; null when the title says it. */
  readonly block: string | null;
  readonly edits: readonly DocumentEdit[];
}

/** Something wrong with one service of a Compose file. */
export interface ComposeFault {
  readonly code: ConfigCode;
  readonly severity: Severity;
  readonly certainty: Certainty;
  /** Where it stands. */
  readonly path: DocumentPath;
  /** One sentence without values of variables. */
  readonly summary: string;
  /** What to do where no edit can do it, or besides. */
  readonly advice: string | null;
  readonly mend: ComposeMend | null;
}

/** What a check may know beside the service. */
export interface ComposeContext {
  readonly file: ComposeFile;
  /** What the document says at a path, as it is written. */
  readonly raw: (path: DocumentPath) => unknown;
}

/** Judges one service; pure, and nothing outside the file is asked. */
export type ComposeCheck = (service: Service, context: ComposeContext) => readonly ComposeFault[];

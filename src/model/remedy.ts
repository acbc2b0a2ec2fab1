import type { Mend } from './config.ts';

/**
 * What to do about a finding, as data. Commands are for the system the diagnosis ran on.
 * Nothing here ever ends a foreign process, widens a bind address, or weakens TLS or a firewall by itself.
 */
export type Remedy =
  /** Change one value of the target's own entry; `prefix` puts words before the command, which becomes its first argument. */
  | { readonly kind: 'edit'; readonly title: string; readonly field: 'url' | 'type' | 'command' | 'prefix' | 'cwd'; readonly value: string }
  /** Change a config file; mcpreach can do it. */
  | { readonly kind: 'mend'; readonly title: string; readonly mend: Mend }
  /** Run this in a shell. */
  | { readonly kind: 'run'; readonly title: string; readonly command: string }
  /** Set an environment variable for the client. */
  | { readonly kind: 'set'; readonly title: string; readonly variable: string; readonly value: string }
  /** A step that is not a command. */
  | { readonly kind: 'tell'; readonly title: string };

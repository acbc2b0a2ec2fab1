import { BOOT } from './boot.ts';
import { COMMANDS } from './commands.ts';
import { CONFIG } from './config.ts';
import { HTTP_PAGES } from './http-pages.ts';
import { HTTP_STATUS } from './http-status.ts';
import { HTTP_WORDS } from './http-words.ts';
import { NAMES_AND_WAYS } from './names-and-ways.ts';
import { OWN_WORDS } from './own-words.ts';
import { PACKAGES } from './packages.ts';
import { REPORTS } from './reports.ts';
import type { Signature } from './signature.ts';
import { SOCKETS } from './sockets.ts';
import { TLS } from './tls.ts';
import { WAITING } from './waiting.ts';

/** Every signature. Order does not matter. */
export const SIGNATURES: readonly Signature[] = [
  ...SOCKETS,
  ...NAMES_AND_WAYS,
  ...TLS,
  ...HTTP_STATUS,
  ...HTTP_PAGES,
  ...HTTP_WORDS,
  ...COMMANDS,
  ...PACKAGES,
  ...BOOT,
  ...WAITING,
  ...CONFIG,
  ...REPORTS,
  ...OWN_WORDS,
];

import { CONFIG } from './config.ts';
import { HTTP } from './http.ts';
import { NETWORK } from './network.ts';
import type { Signature } from './signature.ts';
import { STDIO } from './stdio.ts';
import { TLS } from './tls.ts';

/** Every signature. Order does not matter. */
export const SIGNATURES: readonly Signature[] = [...NETWORK, ...TLS, ...HTTP, ...STDIO, ...CONFIG];

import { CLIENT_WORDS } from '../../facts/signatures/client-words.ts';
import { RUNTIME_WORDS } from '../../facts/signatures/runtime-words.ts';
import type { ReadText } from '../../model/explanation.ts';
import { addressesIn, portIn } from './read-address.ts';
import { errnosIn } from './read-errno.ts';
import { hopIn, layerIn, transportIn } from './read-place.ts';
import { statusesIn } from './read-status.ts';

/** What a text says, with everything that occurs in it more than once. */
export interface Reading extends ReadText {
  readonly errnos: readonly string[];
  readonly statuses: readonly number[];
}

/** Reads codes, addresses and statuses out of a text that was cleaned. Pure. */
export function readText(text: string): Reading {
  const errnos = errnosIn(text);
  const statuses = statusesIn(text);
  const addresses = addressesIn(text);
  const [first] = addresses;
  const [errno = null] = errnos;
  const [status = null] = statuses;
  const transport = transportIn(text, statuses.length > 0);
  const layer = layerIn(text, errno, status);
  return {
    errno,
    host: first?.host ?? null,
    port: first === undefined ? portIn(text) : first.port,
    family: first?.family ?? null,
    status,
    client: CLIENT_WORDS.find(({ pattern }) => pattern.test(text))?.client ?? null,
    transport,
    addresses,
    runtime: RUNTIME_WORDS.find(({ pattern }) => pattern.test(text))?.runtime ?? null,
    layer,
    hop: hopIn(text, transport, layer),
    errnos,
    statuses,
  };
}

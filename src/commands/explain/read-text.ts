import { CLIENT_WORDS } from '../../facts/signatures/client-words.ts';
import { RUNTIME_WORDS } from '../../facts/signatures/runtime-words.ts';
import type { ReadAddress, ReadText } from '../../model/explanation.ts';
import { addressesIn, MOST_ADDRESSES, portIn } from './read-address.ts';
import { errnosIn } from './read-errno.ts';
import { hopIn, layerIn, transportIn } from './read-place.ts';
import { statusesIn } from './read-status.ts';
import { toldIn } from './told.ts';

/** What a text says, with everything that occurs in it more than once. */
export interface Reading extends ReadText {
  readonly errnos: readonly string[];
  readonly statuses: readonly number[];
}

/** Reads codes and statuses out of the lines that tell of a failure, and addresses and names out of all; of a text that was cleaned. Pure. */
export function readText(text: string, told = toldIn(text)): Reading {
  const errnos = errnosIn(told);
  const statuses = statusesIn(told);
  const addresses = [...addressesIn(told), ...(told === text ? [] : addressesIn(text))].filter(isNew).slice(0, MOST_ADDRESSES);
  const [first] = addresses;
  const [errno = null] = errnos;
  const [status = null] = statuses;
  const transport = transportIn(text, statuses.length > 0);
  const layer = layerIn(told, errno, status);
  return {
    errno,
    host: first?.host ?? null,
    port: first === undefined ? portIn(told) : first.port,
    family: first?.family ?? null,
    status,
    client: CLIENT_WORDS.find(({ pattern }) => pattern.test(text))?.client ?? null,
    transport,
    addresses,
    runtime: RUNTIME_WORDS.find(({ pattern }) => pattern.test(text))?.runtime ?? null,
    layer,
    hop: hopIn(told, transport, layer),
    errnos,
    statuses,
  };
}

/** The first of each address. */
function isNew({ host, port }: ReadAddress, index: number, all: readonly ReadAddress[]): boolean {
  return all.findIndex((one) => one.host === host && (one.port === port || port === null)) === index;
}

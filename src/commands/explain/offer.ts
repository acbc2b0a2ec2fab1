import type { DoctorOffer } from '../../model/explanation.ts';
import { isLoopback } from './read-address.ts';
import type { Reading } from './read-text.ts';

/** A path that is no secret and no file: the usual ones of MCP servers. */
const PLAIN_PATH = /^(?:\/(?:mcp|sse|api|v\d|messages?|stream|rpc)){0,3}\/?$/;

/** The doctor's command for an address of this machine that the text names; nothing is run. Pure. */
export function offer(text: string, { addresses, transport }: Reading): DoctorOffer | null {
  const local = addresses.filter(({ host, port }) => isLoopback(host) && port !== null);
  const [own] = local;
  if (own === undefined) return null;
  // Both loopback addresses together are what localhost stands for.
  const isEither = local.some(({ host, port }) => host !== own.host && port === own.port);
  const authority = `${isEither ? 'localhost' : own.host.includes(':') ? `[${own.host}]` : own.host}:${own.port}`;
  const given = new RegExp(`\\b(https?)://${authority.replace(/[.[\]]/g, '\\$&')}(/[\\w/.-]{0,60})?(?=[\\s"'\`?#),;\\]]|$)`, 'im').exec(
    text,
  );
  const path = given?.[2] ?? (transport === 'sse' ? '/sse' : '/mcp');
  const address = `${given?.[1]?.toLowerCase() ?? 'http'}://${authority}${PLAIN_PATH.test(path) ? path : '/mcp'}`;
  return { address, command: `mcpreach doctor ${address.includes('[') ? `'${address}'` : address}` };
}

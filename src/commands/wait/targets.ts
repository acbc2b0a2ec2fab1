/** What the targets of a wait are: servers behind an address, bare ports, and commands. */
import type { StdioInput, TargetInput } from '../../diagnose/options.ts';
import { readTarget } from '../../diagnose/target.ts';
import { UsageError } from '../../model/errors.ts';
import type { Reach } from '../reach.ts';

/** A port by itself, as `tcp://HOST:PORT` names it. */
export interface PortTarget {
  /** Host without brackets. */
  readonly host: string;
  readonly port: number;
}

/** One target of a wait, read and checked. */
export interface WaitTarget {
  /** With all secrets masked. */
  readonly display: string;
  readonly what:
    | ({ readonly kind: 'port' } & PortTarget)
    | { readonly kind: 'http'; readonly input: TargetInput }
    | { readonly kind: 'stdio'; readonly input: StdioInput };
  readonly secrets: readonly string[];
}

/** Whether a word is the address of a bare port. */
export function isPortWord(word: string): boolean {
  return /^tcp:\/\//i.test(word);
}

/**
 * Reads `tcp://HOST:PORT`.
 * @throws UsageError `invalid-url`, `invalid-port`.
 */
export function readPort(word: string): WaitTarget {
  const [, bracketed, bare, digits = ''] = /^tcp:\/\/(?:\[([\da-f:.]+)\]|([^/?#@:[\]\s]+)):(\d+)\/?$/i.exec(word) ?? [];
  const host = bracketed ?? bare;
  if (host === undefined)
    throw new UsageError('invalid-url', `"${word.replace(/\/\/[^/@\s]*@/, '//***@')}" is no tcp address; write tcp://HOST:PORT.`);
  const port = Number(digits);
  if (port < 1 || port > 65_535) throw new UsageError('invalid-port', `Port ${digits} in "${word}" is not between 1 and 65535.`);
  return {
    display: `tcp://${bracketed === undefined ? host : `[${host}]`}:${port}`,
    what: { kind: 'port', host: host.toLowerCase(), port },
    secrets: [],
  };
}

/** A target as commands resolve it. */
export function fromReach({ display, input, secrets }: Reach): WaitTarget {
  return { display, what: 'command' in input ? { kind: 'stdio', input } : { kind: 'http', input }, secrets };
}

/**
 * A target as programs give it.
 * @throws UsageError for an address that is none, and for an empty command.
 */
export async function fromInput(given: string | TargetInput | StdioInput, headers: Readonly<Record<string, string>>): Promise<WaitTarget> {
  if (typeof given === 'string' && isPortWord(given)) return readPort(given);
  if (typeof given !== 'string' && 'command' in given) {
    const { readStdioTarget } = await import('../../diagnose/stdio-target.ts');
    const { target, secrets } = readStdioTarget(given, {});
    return { display: target.display, what: { kind: 'stdio', input: given }, secrets };
  }
  const own = typeof given === 'string' ? { url: given } : given;
  const input = { ...own, headers: { ...headers, ...own.headers } };
  const { target, secrets } = readTarget(input, {});
  return { display: target.display, what: { kind: 'http', input }, secrets };
}

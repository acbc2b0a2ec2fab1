/** Addresses and numbers of packet filter rules as ranges. Pure. */
import { isIP } from 'node:net';
import type { Values } from './ruleset.ts';

const BITS = { 4: 32, 6: 128 } as const;

/** An address as one number; null when the text is none. */
export function addressNumber(text: string): bigint | null {
  const version = isIP(text);
  if (version === 4) return text.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);
  if (version !== 6) return null;
  const [bare = ''] = text.split('%');
  // The last 32 bits may be written as an IPv4 address.
  const plain = bare.replace(/[\d.]+\.[\d.]+$/, (four) => {
    const number = addressNumber(four) ?? 0n;
    return `${(number >> 16n).toString(16)}:${(number & 0xffffn).toString(16)}`;
  });
  const [head = '', tail] = plain.split('::');
  const words = (part: string) => (part === '' ? [] : part.split(':'));
  const left = words(head);
  const right = words(tail ?? '');
  const middle = tail === undefined ? [] : Array.from({ length: 8 - left.length - right.length }, () => '0');
  return [...left, ...middle, ...right].reduce((sum, word) => sum * 65_536n + BigInt(`0x${word}`), 0n);
}

/** An address, `ADDRESS/LENGTH`, `ADDRESS/MASK` or `FROM-TO`; null when the text is none of them. */
export function addressRange(text: string): Values | null {
  const [first = '', last] = text.split('-');
  const [address = '', length] = first.split('/');
  const from = addressNumber(address);
  if (from === null) return null;
  if (last !== undefined) {
    const to = addressNumber(last);
    return to === null ? null : { from, to };
  }
  if (length === undefined) return { from, to: from };
  const bits = BITS[isIP(address) === 4 ? 4 : 6];
  const mask = /^\d+$/.test(length) ? BigInt(bits) - BigInt(length) : maskBits(length, bits);
  if (mask === null || mask < 0n) return null;
  const size = 1n << mask;
  const base = (from / size) * size;
  return { from: base, to: base + size - 1n };
}

/** How many bits at the end a mask leaves open; null for a mask with holes, which is no range. */
function maskBits(text: string, bits: number): bigint | null {
  const mask = addressNumber(text);
  if (mask === null) return null;
  const open = (1n << BigInt(bits)) - 1n - mask;
  return (open & (open + 1n)) === 0n ? BigInt(open.toString(2).replace(/^0$/, '').length) : null;
}

/** A number or a range of numbers. */
export function numbers(from: number, to: number = from): Values {
  return { from, to };
}

/** A fact about a packet: a number, a name, one of a range that is not known more closely, or not known at all. */
export type Value = number | bigint | string | { readonly from: number; readonly to: number } | undefined;

/** Whether a value is among these: false, true, or undefined when it is not known. */
export function holds(values: Values, value: Value): boolean | undefined {
  if (value === undefined) return undefined;
  if ('name' in values) {
    if (typeof value !== 'string') return false;
    return values.name.endsWith('*') ? value.startsWith(values.name.slice(0, -1)) : value === values.name;
  }
  if (typeof value === 'object') {
    if (value.from >= values.from && value.to <= values.to) return true;
    return value.to < values.from || value.from > values.to ? false : undefined;
  }
  return typeof value !== 'string' && value >= values.from && value <= values.to;
}

import fc from 'fast-check';

/** Random choices about the looks of a text, from one number, so that a failing run can be had again. */
export interface Dice {
  /** True about once in `sides` throws. */
  once(sides: number): boolean;
  pick<T>(choices: readonly T[]): T;
}

export function createDice(seed: number): Dice {
  let state = seed | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    once: (sides) => next() * sides < 1,
    pick: (choices) => choices[Math.floor(next() * choices.length)] as (typeof choices)[number],
  };
}

/** Numbers each comment, so that none can be mistaken for another. */
export function createComments(dice: Dice, sides: number): (write: (text: string) => string) => string {
  let count = 0;
  return (write) => {
    if (!dice.once(sides)) return '';
    count += 1;
    return write(`note ${count} "quoted": {, }] it's = - x`);
  };
}

/** Half a surrogate pair cannot be written as UTF-8. U+2028 makes the JSON5 reader warn. */
function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}|[\u2028\u2029]/u.test(text);
}

export type Value = null | boolean | number | string | readonly Value[] | { readonly [key: string]: Value };
export type Table = { readonly [key: string]: Value };

const WORDS = [
  'command',
  'args',
  'env',
  'url',
  'type',
  'API_KEY',
  'my-server',
  'a.b',
  'with space',
  'ünï',
  '1',
  'true',
  'null',
  '#x',
  'q"q',
  "q'q",
  '- d',
  ': c',
  '',
  'a',
];
const TEXTS = [
  'npx',
  '-y',
  'C:\\Users\\x',
  'C:\\tmp\\new',
  'http://localhost:3000/mcp',
  '${env:TOKEN}',
  'yes',
  'no',
  '~',
  '1e3',
  '0x1F',
  '12:30',
  'a: b',
  'a #b',
  '# c',
  '- d',
  ' lead',
  'trail ',
  'x, y',
  '[z',
  '{w',
  "it's",
  'say "hi"',
  '',
  '*a',
  '&b',
  '!c',
  '%d',
  '@e',
  '`f',
  'a\nb',
  'tab\there',
  '日本',
  '😀',
  '|',
  '>',
  '? k',
  'null',
  '2026-11-20',
  '=',
  '<<',
];

export const name = fc
  .oneof({ arbitrary: fc.constantFrom(...WORDS), weight: 6 }, { arbitrary: fc.string({ maxLength: 6, unit: 'grapheme' }), weight: 1 })
  .filter((text) => text !== '__proto__' && text !== '<<' && isWellFormed(text));

const text = fc
  .oneof({ arbitrary: fc.constantFrom(...TEXTS), weight: 6 }, { arbitrary: fc.string({ maxLength: 12, unit: 'grapheme' }), weight: 2 })
  .filter((string) => isWellFormed(string));
const number = fc.oneof(fc.integer({ min: -100_000, max: 100_000 }), fc.constantFrom(0.5, -1.25, 1e21, 3000));

/** Values without null, which TOML cannot say, or with it. */
export function values(withNull: boolean): { readonly table: fc.Arbitrary<Table>; readonly value: fc.Arbitrary<Value> } {
  const scalar: fc.Arbitrary<Value> = fc.oneof(text, text, number, fc.boolean(), ...(withNull ? [fc.constant(null)] : []));
  const { value, table } = fc.letrec<{ value: Value; table: Table }>((tie) => ({
    table: fc.dictionary(name, tie('value'), { maxKeys: 4, noNullPrototype: true }) as fc.Arbitrary<Table>,
    value: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      scalar,
      fc.array(scalar, { maxLength: 3 }),
      fc.array(tie('value') as fc.Arbitrary<Value>, { maxLength: 3 }),
      tie('table'),
    ),
  }));
  return { table, value };
}

export function isTable(value: Value): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import { stringify } from 'yaml';
import { createComments, type Dice, isTable, type Table, type Value } from './random.ts';

/** Writes values as people and programs do: any layout, with comments where the format has them. */

export function writeJson(value: Value, dice: Dice, dialect: 'json' | 'jsonc' | 'json5'): string {
  const unit = dice.pick(['  ', '    ', '\t', ' ']);
  const colon = dice.pick([': ', ': ', ':', ' : ', ':  ']);
  const note = createComments(dice, dialect === 'json' ? Infinity : 6);
  const blockNote = (): string => note((text) => ` /* ${text} */ `);
  const lineNote = (indent: string): string => note((text) => `${dice.pick([' ', `\n${indent}`])}// ${text}`);

  function string(text: string, isKey: boolean): string {
    const quoted = JSON.stringify(text);
    if (dialect !== 'json5' || !dice.once(2)) return quoted;
    if (isKey && /^[A-Za-z_$][\w$]*$/.test(text) && !/^(?:true|false|null)$/.test(text)) return text;
    return `'${quoted.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
  }

  function write(inner: Value, indent: string): string {
    if (typeof inner === 'string') return string(inner, false);
    if (typeof inner === 'number' && dialect === 'json5' && Number.isInteger(inner) && inner > 0 && inner < 1e6 && dice.once(3))
      return dice.pick([`0x${inner.toString(16)}`, `+${inner}`]);
    if (typeof inner !== 'object' || inner === null) return JSON.stringify(inner);
    const spread = dice.once(2);
    const deeper = indent + unit;
    const items = isTable(inner)
      ? Object.entries(inner).map(
          ([key, item]) => `${string(key, true)}${blockNote()}${colon}${blockNote()}${write(item, spread ? deeper : indent)}`,
        )
      : inner.map((item) => write(item, spread ? deeper : indent));
    const [open, close] = isTable(inner) ? '{}' : '[]';
    const trailing = dialect !== 'json' && items.length > 0 && dice.once(4) ? ',' : '';
    if (!spread) {
      const pad = dice.pick(['', ' ']);
      return `${open}${pad}${blockNote()}${items.join(`${blockNote()},${dice.pick([' ', ''])}`)}${blockNote()}${trailing}${pad}${close}`;
    }
    const lines = items.map((item, index) => `${item}${blockNote()}${index < items.length - 1 ? ',' : trailing}${lineNote(deeper)}`);
    return `${open}${lineNote(deeper)}\n${deeper}${lines.join(`\n${dice.once(6) ? '\n' : ''}${deeper}`)}\n${indent}${close}`;
  }
  return `${note((text) => `// ${text}\n`)}${write(value, '')}${lineNote('')}${dice.pick(['\n', '\n', '', '\n\n'])}`;
}

export function writeToml(table: Table, dice: Dice): string {
  const note = createComments(dice, 4);
  const after = (): string => note((text) => ` # ${text}`);
  const above = (): string => note((text) => `# ${text}\n`);
  const key = (text: string): string => {
    if (/^[A-Za-z0-9_-]+$/.test(text) && !dice.once(5)) return text;
    return !/['\u0000-\u001f\u007f]/.test(text) && dice.once(3) ? `'${text}'` : JSON.stringify(text).replaceAll('\u007f', '\\u007f');
  };

  function write(value: Value): string {
    if (typeof value === 'string') {
      if (!/['\u0000-\u001f\u007f]/.test(value) && dice.once(3)) return dice.pick([`'${value}'`, `'''${value}'''`]);
      if (/^[^"\\\r\u0000-\u0009\u000b-\u001f\u007f]*$/.test(value) && dice.once(4)) return `"""\n${value}"""`;
      return JSON.stringify(value).replaceAll('\u007f', '\\u007f');
    }
    if (typeof value !== 'object' || value === null) return String(value);
    if (isTable(value))
      return `{${Object.entries(value)
        .map(([name, item]) => ` ${key(name)} = ${write(item)}`)
        .join(',')} }`;
    if (value.length === 0 || dice.once(2)) return `[${value.map(write).join(', ')}]`;
    return `[${after()}\n  ${value.map((item) => write(item)).join(`,${after()}\n  `)}${dice.pick(['', ','])}${after()}\n]`;
  }

  function lines(inner: Table, path: readonly string[], isRoot: boolean): string {
    const own: string[] = [];
    const below: string[] = [];
    for (const [name, value] of Object.entries(inner)) {
      const here = [...path, key(name)];
      const tables = Array.isArray(value) && value.length > 0 && value.every(isTable);
      if (tables && dice.once(2)) {
        for (const item of value as readonly Table[]) below.push(`${above()}[[${here.join('.')}]]${after()}\n${lines(item, here, false)}`);
      } else if (isTable(value) && !dice.once(4)) {
        const entries = Object.entries(value);
        const dotted = entries.length > 0 && entries.every(([, item]) => !isTable(item)) && dice.once(5);
        if (dotted)
          own.push(
            ...entries.map(([inside, item]) => `${here.at(-1)}${dice.pick(['.', ' . '])}${key(inside)} = ${write(item)}${after()}\n`),
          );
        // A table that holds nothing but tables needs no header of its own.
        else if (entries.length > 0 && entries.every(([, item]) => isTable(item)) && dice.once(2))
          below.push(sections(value as { readonly [key: string]: Table }, here));
        else below.push(`${dice.pick(['\n', ''])}${above()}[${here.join('.')}]${after()}\n${lines(value, here, false)}`);
      } else
        own.push(
          `${above()}${dice.once(6) && !isRoot ? '  ' : ''}${here.at(-1)}${dice.pick([' = ', '=', '  = '])}${write(value)}${after()}\n`,
        );
    }
    return own.join('') + below.join(dice.pick(['', '\n']));
  }

  function sections(tables: { readonly [key: string]: Table }, path: readonly string[]): string {
    return Object.entries(tables)
      .map(([name, inner]) => {
        const here = [...path, key(name)];
        return `${dice.pick(['\n', ''])}${above()}[${here.join('.')}]${after()}\n${lines(inner, here, false)}`;
      })
      .join('');
  }

  return above() + lines(table, [], true) + above();
}

export function writeYaml(table: Table, dice: Dice): string {
  const step = dice.pick([' ', '  ', '    ', '   ']);
  const note = createComments(dice, 5);
  const after = (): string => note((text) => `${dice.pick([' ', '    '])}# ${text}`);
  const above = (indent: string): string => note((text) => `${indent}# ${text}\n`);

  function scalar(value: Value, isKey = false): string {
    const plain = stringify(value, { lineWidth: 0 }).replace(/\n$/, '');
    const quoted = JSON.stringify(value);
    if (plain.includes('\n')) return quoted;
    if (typeof value !== 'string') return plain;
    const single = `'${value.replaceAll("'", "''")}'`;
    const printable = !/[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]/.test(value);
    return dice.pick([plain, plain, quoted, printable && !isKey ? single : plain]);
  }

  function flow(value: Value): string {
    if (typeof value !== 'object' || value === null) return JSON.stringify(value);
    const trailing = dice.once(5) ? ',' : '';
    if (!isTable(value)) return value.length === 0 ? '[]' : `[${value.map(flow).join(', ')}${trailing}]`;
    const pairs = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${flow(item)}`);
    return pairs.length === 0 ? '{}' : `{${dice.pick(['', ' '])}${pairs.join(', ')}${trailing}${dice.pick(['', ' '])}}`;
  }

  /** What follows a colon or a dash, with its line end. */
  function rest(value: Value, indent: string, inSequence: boolean): string {
    if (typeof value === 'string' && /^[a-z]\n[a-z]$/.test(value))
      return ` |-\n${value
        .split('\n')
        .map((line) => `${indent}${step}${line}\n`)
        .join('')}`;
    if (value === null && dice.once(2)) return `${after()}\n`;
    if (typeof value !== 'object' || value === null) return ` ${scalar(value)}${after()}\n`;
    const size = Object.keys(value).length;
    if (size === 0 || dice.once(4)) return ` ${flow(value)}${after()}\n`;
    if (!isTable(value)) {
      const own = inSequence ? indent + step : indent + dice.pick(['', step]);
      return `${after()}\n${value.map((item) => `${above(own)}${own}-${rest(item, own, true)}`).join('')}`;
    }
    // Directly behind a dash, the other keys stand below the first.
    if (inSequence && dice.once(2)) return ` ${block(value, `${indent}  `).slice(indent.length + 2)}`;
    return `${after()}\n${above(indent + step)}${block(value, indent + step)}`;
  }

  function block(inner: Table, indent: string): string {
    return Object.entries(inner)
      .map(
        ([key, value], index) =>
          `${index > 0 ? above(indent) + dice.pick(['', '', '\n']) : ''}${indent}${scalar(key, true)}:${rest(value, indent, false)}`,
      )
      .join('');
  }

  if (Object.keys(table).length === 0) return `${above('')}{}\n`;
  const written = above('') + (dice.once(8) ? '---\n' : '') + block(table, '') + above('');
  return dice.once(4) ? written.replace(/\n$/, '') : written;
}

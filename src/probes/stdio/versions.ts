/** Whether a version lies in a range as package.json and pyproject.toml write it; a small part of semver and PEP 440. Pure. */

type Version = readonly [number, number, number];

/** The numbers of a version; null when it begins with none. */
function parse(text: string): { readonly version: Version; readonly parts: number } | null {
  const match = /^\s*v?(\d+)(?:\.(\d+|[x*]))?(?:\.(\d+|[x*]))?/.exec(text);
  if (match === null) return null;
  const numbers = match
    .slice(1)
    .filter((one) => one !== undefined && /^\d+$/.test(one))
    .map(Number);
  return { version: [numbers[0] ?? 0, numbers[1] ?? 0, numbers[2] ?? 0], parts: numbers.length };
}

function compare(a: Version, b: Version): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

/** The first version above all that begin with the first `parts` numbers. */
function ceiling([major, minor, patch]: Version, parts: number): Version {
  if (parts <= 1) return [major + 1, 0, 0];
  return parts === 2 ? [major, minor + 1, 0] : [major, minor, patch + 1];
}

/** Whether a version satisfies a range; null when one of them cannot be read. */
export function satisfies(version: string, range: string): boolean | null {
  const have = parse(version)?.version;
  if (have === undefined) return null;
  const results = range.split('||').map((part) => satisfiesAll(have, part));
  if (results.includes(true)) return true;
  return results.includes(null) ? null : false;
}

function satisfiesAll(have: Version, range: string): boolean | null {
  const text = range.replace(/(\S+)\s+-\s+(\S+)/g, '>=$1 <=$2').trim();
  if (text === '' || /^[*x]$/i.test(text)) return true;
  const tests = text
    .replace(/([<>=~^!]+)\s+/g, '$1')
    .split(/[\s,]+/)
    .filter(Boolean);
  const results = tests.map((one) => satisfiesOne(have, one));
  return results.includes(null) ? null : !results.includes(false);
}

function satisfiesOne(have: Version, test: string): boolean | null {
  const [, operator = '', rest = ''] = /^([<>=~^!]*)(.*)$/.exec(test) ?? [];
  const read = parse(rest);
  if (read === null) return /^[*x]$/i.test(rest) ? true : null;
  const { version: want, parts } = read;
  const within = compare(have, want) >= 0 && compare(have, ceiling(want, parts)) < 0;
  switch (operator) {
    case '>=':
      return compare(have, want) >= 0;
    case '>':
      return compare(have, parts === 3 ? want : ceiling(want, parts)) >= (parts === 3 ? 1 : 0);
    case '<':
      return compare(have, want) < 0;
    case '<=':
      return compare(have, ceiling(want, parts)) < 0;
    case '^':
      return compare(have, want) >= 0 && compare(have, ceiling(want, want[0] > 0 ? 1 : want[1] > 0 ? 2 : 3)) < 0;
    case '~':
      return compare(have, want) >= 0 && compare(have, ceiling(want, Math.min(parts, 2))) < 0;
    // PEP 440: the last number given may grow.
    case '~=':
      return compare(have, want) >= 0 && compare(have, ceiling(want, parts - 1)) < 0;
    case '!=':
      return !within;
    case '':
    case '=':
    case '==':
      return within;
    default:
      return null;
  }
}

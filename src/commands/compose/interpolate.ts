/** `$NAME`, `${NAME}`, `${NAME:-default}` and the other forms; `$$` stands for itself. */
const REFERENCE = /\$(?:(\$)|(\w+)|\{(\w+)(?:(:?[-?+])((?:[^{}]|\$\{[^{}]*\})*))?\})/g;

/** A text with its variables at their defaults; null when one of them has none, since nobody knows what it will be. */
export function interpolate(text: string): string | null {
  let isKnown = true;
  const replaced = text.replace(REFERENCE, (_, dollar?: string, bare?: string, __?: string, form?: string, otherwise = '') => {
    if (dollar !== undefined) return '$';
    const inner = bare === undefined && (form === '-' || form === ':-') ? interpolate(otherwise) : null;
    if (inner === null) isKnown = false;
    return inner ?? '';
  });
  return isKnown ? replaced : null;
}

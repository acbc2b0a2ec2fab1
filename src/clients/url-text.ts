/** The parts of an address as it is written in a config file, where references to variables may stand in any of them. */
interface UrlParts {
  readonly scheme: string;
  /** Everything between `//` and the host, with its `@`. */
  readonly user: string;
  readonly host: string;
  /** With its colon; empty for the scheme's usual port. */
  readonly port: string;
  readonly path: string;
  /** Query and fragment. */
  readonly rest: string;
}

const REFERENCE = /\$\{[^}]*\}+|\{(?:env|file):[^}]*\}|%\w+%|\{\{[^}]*\}\}|\$\w+/;

/** A host in brackets, or anything without a colon; references, which may hold colons and slashes, count as one letter. */
const URL_TEXT = new RegExp(
  String.raw`^([a-z][a-z0-9+.-]*):\/\/((?:${REFERENCE.source}|[^/?#@])*@)?(\[[^\]]*\]|(?:${REFERENCE.source}|[^:/?#])+)(:(?:${REFERENCE.source}|\d+))?((?:${REFERENCE.source}|[^?#])*)(.*)$`,
  'is',
);

function partsOf(text: string): UrlParts | null {
  const [, scheme, user = '', host, port = '', path = '', rest = ''] = URL_TEXT.exec(text) ?? [];
  return scheme === undefined || host === undefined ? null : { scheme, user, host, port, path, rest };
}

const CHANGEABLE = ['scheme', 'host', 'port', 'path'] as const;

/**
 * An address as it is written, changed in what tells `to` from `from` (the same address as it was used, references filled in):
 * user info, query and references stay. Null when a part that has to change is not written out, so that nothing can be said.
 */
export function changeUrlText(written: string, from: string, to: string): string | null {
  const [parts, before, after] = [partsOf(written.trim()), partsOf(from), partsOf(to)];
  if (parts === null || before === null || after === null) return null;
  const changed: Record<(typeof CHANGEABLE)[number], string> = { ...parts };
  for (const part of CHANGEABLE) {
    if (normal(before, part) === normal(after, part)) continue;
    if (REFERENCE.test(parts[part]) || normal(parts, part) !== normal(before, part)) return null;
    changed[part] = after[part];
  }
  const text = `${changed.scheme}://${parts.user}${changed.host}${changed.port}${changed.path}${parts.rest}`;
  return text === written ? null : text;
}

function normal({ scheme, host, port, path }: UrlParts, part: (typeof CHANGEABLE)[number]): string {
  switch (part) {
    case 'scheme':
      return scheme.toLowerCase();
    case 'host':
      return host.toLowerCase();
    case 'port':
      return port === `:${scheme.toLowerCase() === 'https' ? 443 : 80}` ? '' : port;
    case 'path':
      return path === '' ? '/' : path;
  }
}

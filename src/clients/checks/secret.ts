import type { ConfigEntry } from '../../model/config.ts';
import type { Check } from '../check.ts';
import { referencesIn } from '../references.ts';

const SECRET_NAME =
  /(?:^|[_-])(?:api)?(?:key|token|secret|pat|passw(?:or)?d|pwd|credentials?|auth(?:orization)?|cookie)(?:$|[_-])|apikey|authorization/i;
/** Names that only sound like secrets. */
const HARMLESS_NAME = /(?:_|-)(?:file|path|dir|url|uri|type|name|id|env|endpoint|mode)$|^(?:public|key)[_-]?(?:id|name)/i;
/** Forms of the tokens of well-known services. */
const KNOWN_TOKEN =
  /\b(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|sk-[\w-]{20,}|xox[abprs]-[\w-]{10,}|AKIA[0-9A-Z]{16}|glpat-[\w-]{20,}|AIza[\w-]{30,}|eyJ[\w-]{10,}\.[\w-]{10,})/;
const PLACEHOLDER =
  /^(?:<.*>|\[.*\]|x{3,}|\*{3,}|\.{3}|your[-_ ].*|.*(?:change[-_ ]?me|placeholder|example|todo|insert|here).*|none|null|true|false|\d{1,5})$/i;

function isSecret(name: string, value: string): boolean {
  const bare = value.replace(/^(?:Bearer|Basic|Token)\s+/i, '');
  if (bare.length < 6 || referencesIn(value).length > 0 || PLACEHOLDER.test(bare)) return false;
  return KNOWN_TOKEN.test(value) || (SECRET_NAME.test(name) && !HARMLESS_NAME.test(name));
}

/** Names and keys of places that hold a secret in clear. */
function places(entry: ConfigEntry): readonly (readonly [string, string])[] {
  const flagged = entry.args.flatMap((arg, index): readonly (readonly [string, string])[] => {
    const inOne = /^--?([\w-]+)=(.+)$/s.exec(arg);
    if (inOne !== null) return isSecret(inOne[1] ?? '', inOne[2] ?? '') ? [[`the argument ${inOne[1] ?? ''}`, `args.${index}`]] : [];
    const flag = /^--?([\w-]+)$/.exec(entry.args[index - 1] ?? '')?.[1];
    return !arg.startsWith('-') && isSecret(flag ?? '', arg)
      ? [[flag === undefined ? 'an argument' : `the argument ${flag}`, `args.${index}`]]
      : [];
  });
  const named = (table: 'env' | 'headers', what: string): readonly (readonly [string, string])[] =>
    Object.entries(entry[table]).flatMap(([name, value]) =>
      isSecret(name, value) ? [[`the ${what} ${name}`, `${table}.${name}`] as const] : [],
    );
  return [
    ...named('env', 'variable'),
    ...named('headers', 'header'),
    ...flagged,
    ...(isSecretUrl(entry.url) ? [['the address', 'url'] as const] : []),
  ];
}

function isSecretUrl(text: string | null): boolean {
  if (text === null || !URL.canParse(text)) return false;
  const url = new URL(text);
  return url.password !== '' || [...url.searchParams].some(([name, value]) => isSecret(name, value));
}

/** Secrets written into a file, where a reference would do or where others get to see them. */
export const secrets: Check = (entry, { client }) => {
  const isShared = entry.file.scope === 'project';
  if (!isShared && client.expansion.forms.length === 0 && client.shape.passedVariables === undefined) return [];
  return places(entry).map(([what, key]) => ({
    code: 'secret-in-config',
    severity: 'advice',
    certainty: 'likely',
    position: entry.at[key]?.position ?? entry.position,
    summary: `"${entry.name}" has a secret in clear in ${what}${isShared ? ', in a file that others may get with the project' : ''}.`,
    advice:
      client.expansion.forms.length > 0 || client.shape.passedVariables !== undefined
        ? 'Put it into a variable and refer to that.'
        : 'Keep this file out of version control.',
  }));
};

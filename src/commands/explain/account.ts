import { CONFIG_CAUSES } from '../../causes/config/index.gen.ts';
import { CAUSES } from '../../causes/index.gen.ts';
import { CAUSE_PAGES } from '../../causes/pages/index.ts';
import { STDIO_CAUSES } from '../../causes/stdio/index.gen.ts';
import { CHECKS } from '../../facts/signatures/checks.ts';
import { accountOf } from '../../model/account.ts';
import type { CauseAccount, Explanation, ReadText } from '../../model/explanation.ts';

const NOTHING_READ: ReadText = {
  errno: null,
  host: null,
  port: null,
  family: null,
  status: null,
  client: null,
  transport: null,
  addresses: [],
  runtime: null,
  layer: null,
  hop: null,
};

/** The catalogue's account of a cause code, as on the cause's page; undefined when the word is none. */
export function explainCode(code: string): Explanation | undefined {
  const account = accountNamed(code);
  if (account === undefined) return undefined;
  const known = [...CAUSE_PAGES.map(({ id, check }) => [id, check] as const), ...Object.entries(CHECKS)];
  const check = known.find(([one]) => one === code)?.[1] ?? 'Ask with: mcpreach doctor TARGET';
  return {
    schema: 'mcpreach.explain/1',
    read: NOTHING_READ,
    candidates: [{ cause: code, score: 1, why: 'Asked for by its code.', check }],
    doctor: null,
    account,
  };
}

/** A code of several kinds of targets has one page with all of them. */
function accountNamed(code: string): CauseAccount | undefined {
  const page = CAUSE_PAGES.find(({ id }) => id === code);
  if (page !== undefined) return { title: page.title, about: page.about, mend: page.mend, refs: page.refs };
  const kinds = [
    { heading: '', cause: CAUSES.find(({ id }) => id === code) },
    { heading: 'stdio servers: ', cause: STDIO_CAUSES.find(({ id }) => id === code) },
    { heading: 'In a file: ', cause: CONFIG_CAUSES.find(({ id }) => id === code) },
  ];
  const [first, ...others] = kinds.flatMap(({ heading, cause }) => (cause === undefined ? [] : [{ heading, account: accountOf(cause) }]));
  if (first === undefined) return undefined;
  const all = [first.account, ...others.map(({ account }) => account)];
  return {
    ...first.account,
    about: [first.account.about, ...others.map(({ heading, account }) => `${heading}${account.about}`)].join('\n\n'),
    mend: [...new Set(all.flatMap(({ mend }) => mend))],
    refs: [...new Set(all.flatMap(({ refs }) => refs))],
  };
}

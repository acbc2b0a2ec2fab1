import type { RenderOptions } from '../model/format.ts';
import type { Candidate, Explanation, ReadText } from '../model/explanation.ts';
import { createLook, type Look } from './look.ts';
import { wrap } from './wrap.ts';

/** An explanation for people at a terminal. */
export function renderExplanation({ read, candidates, account }: Explanation, options: RenderOptions): string {
  const look = createLook(options);
  const { bold } = look.paint;
  const lines =
    account === undefined
      ? [bold('The text says: ') + look.prose(readWords(read)), '', ...candidates.flatMap((candidate) => candidateLines(candidate, look))]
      : [
          `${bold(candidates[0]?.cause ?? '')}: ${look.prose(account.title)}`,
          '',
          ...paragraphs(account.about).flatMap((text) => wrap(look.prose(text), look.width)),
          '',
          ...candidates.flatMap(({ check }) => hanging('Look: ', check, look)),
          ...(account.refs.length === 0 ? [] : ['', ...account.refs]),
        ];
  return `${lines.join('\n').trimEnd()}\n`;
}

/** What was read, in one line. */
function readWords({ errno, host, port, family, status, client, transport }: ReadText): string {
  const address =
    host === null
      ? port === null
        ? null
        : `port ${port}`
      : `${host.includes(':') ? `[${host}]` : host}${port === null ? '' : `:${port}`}`;
  const words = [
    errno,
    address,
    family === null ? null : `IPv${family}`,
    status === null ? null : `HTTP ${status}`,
    transport === null ? null : `transport ${transport}`,
    client === null ? null : `client ${client}`,
  ].filter((word) => word !== null);
  return words.length === 0 ? 'no code, address or status' : words.join(', ');
}

/** The catalogue's lines are as long as its source; what to do by hand begins a line of its own. */
function paragraphs(about: string): readonly string[] {
  return about.split(/\n(?=By hand)|\n\n+/).map((text) => text.replace(/\s*\n\s*/g, ' '));
}

function candidateLines({ cause, score, why, check }: Candidate, look: Look): string[] {
  const share = score === 0 ? '' : ` ${look.paint.dim(`${Math.round(score * 100)} %`)}`;
  return [`${look.paint.bold(cause)}${share}`, ...hanging('  ', why, look), ...hanging('  Look: ', check, look), ''];
}

function hanging(prefix: string, text: string, look: Look): string[] {
  const [first = '', ...rest] = wrap(look.prose(text), look.width - prefix.length);
  return [prefix + first, ...rest.map((line) => ' '.repeat(prefix.length) + line)];
}

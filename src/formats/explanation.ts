import type { RenderOptions } from '../model/format.ts';
import { partsOf } from '../model/account.ts';
import type { Candidate, CauseAccount, DoctorOffer, Explanation, ReadText } from '../model/explanation.ts';
import { createLook, type Look } from './look.ts';
import { wrap } from './wrap.ts';

/** An explanation for people at a terminal. */
export function renderExplanation({ read, candidates, doctor, account }: Explanation, options: RenderOptions): string {
  const look = createLook(options);
  const lines =
    account === undefined
      ? [
          ...hanging('The text says: ', readWords(read), look, look.paint.bold('The text says: ')),
          '',
          ...candidates.flatMap((candidate) => candidateLines(candidate, look)),
          ...(doctor === null ? [] : offerLines(doctor, look)),
        ]
      : accountLines(candidates[0], account, look);
  return `${lines.join('\n').trimEnd()}\n`;
}

/** What was read, in one line. */
function readWords({ errno, port, status, client, transport, addresses, runtime, layer, hop }: ReadText): string {
  const words = [
    errno,
    ...(addresses.length === 0 ? [port === null ? null : `port ${port}`] : addresses.slice(0, 3).flatMap(addressWords)),
    status === null ? null : `HTTP ${status}`,
    layer === null ? null : `layer ${layer}`,
    hop === null ? null : hop === 'server-backend' ? 'behind the server' : 'between client and server',
    transport === null ? null : `transport ${transport}`,
    client === null ? null : `client ${client}`,
    runtime === null ? null : `written by ${runtime}`,
  ].filter((word) => word !== null);
  return words.length === 0 ? 'no code, address or status' : words.join(', ');
}

function addressWords({ host, port, family }: ReadText['addresses'][number]): readonly (string | null)[] {
  return [`${host.includes(':') ? `[${host}]` : host}${port === null ? '' : `:${port}`}`, family === null ? null : `IPv${family}`];
}

/** A code's page: the same parts in the same order as in docs/causes. */
function accountLines(candidate: Candidate | undefined, { title, about, mend, refs }: CauseAccount, look: Look): string[] {
  const { bold } = look.paint;
  const { happens, proof, byHand } = partsOf(about);
  return [
    `${bold(candidate?.cause ?? '')}: ${look.prose(title)}`,
    ...[happens, proof, byHand].filter((part) => part !== '').flatMap((part) => ['', ...paragraphs(part, look)]),
    ...(mend.length === 0 ? [] : ['', bold('The mend:'), ...mend.flatMap((line) => hanging(`${look.mark('bullet')} `, line, look))]),
    '',
    ...(candidate === undefined ? [] : hanging('Look: ', candidate.check, look)),
    ...(refs.length === 0 ? [] : ['', bold('Sources:'), ...refs]),
  ];
}

/** The catalogue's lines are as long as its source. */
function paragraphs(text: string, look: Look): readonly string[] {
  return text
    .split(/\n\n+/)
    .flatMap((part, index) => [...(index === 0 ? [] : ['']), ...wrap(look.prose(part.replace(/\s*\n\s*/g, ' ')), look.width)]);
}

function candidateLines({ cause, score, why, check }: Candidate, look: Look): string[] {
  const share = score === 0 ? '' : ` ${look.paint.dim(`${Math.round(score * 100)} %`)}`;
  return [`${look.paint.bold(cause)}${share}`, ...hanging('  ', why, look), ...hanging('  Look: ', check, look), ''];
}

/** An offer, never more: what a text says may be of another machine. */
function offerLines({ address, command }: DoctorOffer, look: Look): string[] {
  return [
    ...hanging('', `${address} is an address of this machine, if the text is of this machine. Ask it:`, look),
    `  ${look.paint.bold(command)}`,
  ];
}

function hanging(prefix: string, text: string, look: Look, shown = prefix): string[] {
  // Marks are painted: their width is that of one character.
  const width = prefix.startsWith(look.mark('bullet')) ? 2 : prefix.length;
  const [first = '', ...rest] = wrap(look.prose(text), look.width - width);
  return [shown + first, ...rest.map((line) => ' '.repeat(width) + line)];
}

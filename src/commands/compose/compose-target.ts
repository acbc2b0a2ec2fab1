/** A Compose file as targets: one for each service worth a word, one for what concerns the whole file. */
import { basename } from 'node:path';
import { SERVER_KEYS } from '../../clients/words.ts';
import { planEdits } from '../../documents/edit.ts';
import { maskDocument } from '../../documents/mask.ts';
import { parseDocument } from '../../documents/parse.ts';
import type { ConfigFile, ConfigProblem } from '../../model/config.ts';
import type { DocumentError, DocumentPath, ParsedDocument, Position } from '../../model/document.ts';
import type { ComposeTarget } from '../configs/known.ts';
import type { ComposeFault } from './fault.ts';
import { type LintedService, lintCompose } from './lint.ts';
import { isTable } from './read-compose.ts';

const USUAL_NAME = /^(?:docker-)?compose(?:\.[\w-]+)*\.ya?ml$/i;
const TOP: Position = { line: 1, column: 1, offset: 0, length: 0 };

/** Whether a YAML text is a Compose file: by its name, or by a table of services and none of MCP servers. */
export function isComposeFile(path: string, text: string): boolean {
  if (!/\.ya?ml$/i.test(path)) return false;
  if (USUAL_NAME.test(basename(path))) return true;
  if (!/^services:/m.test(text)) return false;
  const { value } = parseDocument(text, 'yaml');
  return isTable(value) && isTable(value['services']) && SERVER_KEYS.every((keys) => value[keys[0] ?? ''] === undefined);
}

/** What there is to say about a Compose file. `shown` is its path as it is shown. */
export function composeTargets(path: string, shown: string, text: string): readonly ComposeTarget[] {
  const file: ConfigFile = { client: null, path, shown, scope: 'custom', format: 'yaml' };
  const document = parseDocument(text, 'yaml');
  const masked = maskDocument(text, 'yaml').split(/\r\n|\r|\n/);
  const source: Source = { file, document, text, lineAt: ({ line }) => (masked[line - 1] ?? '').trimEnd().slice(0, 200) };
  const whole = (problems: readonly ConfigProblem[], summary: string, note = ''): ComposeTarget => ({
    kind: 'compose',
    name: shown,
    address: `${shown}${note}`,
    transport: null,
    file,
    position: problems[0]?.position ?? TOP,
    problems,
    summary,
    text,
  });
  const broken = document.errors.map((error) => syntaxProblem(source, error));
  if (broken.length > 0) return [whole(broken, `${shown} cannot be read.`)];
  if (!isTable(document.value) || !isTable(document.value['services'])) {
    const shape = problemOf(source, null, {
      code: 'config-bad-entry',
      severity: 'error',
      certainty: 'proved',
      path: ['services'],
      summary: `${shown} has no table of services.`,
      advice: 'Put the services under the key services, each under its own name.',
      mend: null,
    });
    return [whole([shape], shape.summary)];
  }
  const linted = lintCompose(document.value);
  const services = linted.services.map((one) => serviceTarget(source, one));
  const { included } = linted;
  // What was not looked at is said: nothing is known about it.
  const note = included.length === 0 ? '' : ` (${included.join(', ')} not read)`;
  if (services.length === 0) return [whole([], `${shown} has no service that looks like an MCP server or publishes a port.`, note)];
  return note === '' ? services : [...services, whole([], `${shown} includes ${included.join(', ')}, not read.`, note)];
}

interface Source {
  readonly file: ConfigFile;
  readonly document: ParsedDocument;
  readonly text: string;
  readonly lineAt: (position: Position) => string;
}

function serviceTarget(source: Source, { service, isServer, faults }: LintedService): ComposeTarget {
  const { name, elsewhere, path } = service;
  const what = isServer ? 'looks like an MCP server' : service.ports.length > 0 ? 'publishes a port' : 'calls other services';
  const rest = elsewhere === null ? '' : ` It extends a service of ${elsewhere}, which was not read.`;
  return {
    kind: 'compose',
    name,
    transport: isServer ? 'http' : null,
    file: source.file,
    position: placeOf(source.document, path),
    problems: faults.map((fault) => problemOf(source, name, fault)),
    summary: `${name} ${what}, and nothing in the file stands in its way.${rest}`,
    address: `${source.file.shown}#${name}`,
    text: source.text,
  };
}

function problemOf(source: Source, server: string | null, { path, mend, ...fault }: ComposeFault): ConfigProblem {
  const { file, document, lineAt } = source;
  const position = placeOf(document, path);
  const rest = { ...fault, file, server, position, line: lineAt(position), ifReached: null };
  if (mend === null) return { ...rest, mend: null };
  // Where the text cannot be changed safely, somebody has to do it by hand.
  if (mend.edits.length === 0 || 'error' in planEdits(source.text, 'yaml', mend.edits)) {
    const steps = [mend.block === null ? `${mend.title}.` : `${mend.title}: ${mend.block}`, fault.advice];
    return { ...rest, advice: steps.filter((step) => step !== null).join(' '), mend: null };
  }
  return { ...rest, mend: { title: mend.title, edits: mend.edits.map((edit) => ({ ...edit, file: file.path })) } };
}

/** Where a path stands: a key where there is one; the nearest place above it when it is missing or comes from an anchor. */
function placeOf(document: ParsedDocument, path: DocumentPath): Position {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const found = document.positionOf(path.slice(0, depth));
    if (found !== null) return found.key ?? found.value;
  }
  return TOP;
}

function syntaxProblem({ file, lineAt }: Source, { code, position, message }: DocumentError): ConfigProblem {
  const advice =
    code === 'tab-indent'
      ? 'Indent with spaces instead of tabs.'
      : code === 'duplicate-key'
        ? 'Remove or rename the one that is not meant.'
        : `Correct the text at line ${position.line}, column ${position.column}.`;
  return {
    code: 'config-syntax',
    severity: 'error',
    certainty: 'proved',
    file,
    server: null,
    position,
    line: lineAt(position),
    summary: `Compose cannot read ${file.shown}: ${message.replace(/^[A-Z](?=[a-z ])/, (letter) => letter.toLowerCase())}`,
    advice,
    mend: null,
    ifReached: null,
  };
}

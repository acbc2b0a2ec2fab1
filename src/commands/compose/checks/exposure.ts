import type { DocumentEdit } from '../../../model/document.ts';
import type { ComposeCheck } from '../fault.ts';
import { isServer } from '../look.ts';

/** Names of variables by which a server is told whom to let in. */
const GUARDED = /AUTH|BEARER|OAUTH|JWT|(?:MCP|SERVER|ACCESS)_(?:API_)?(?:KEY|TOKEN)/i;

/** An MCP server that is published on every address of the host and, as far as the file tells, lets everybody in. */
export const exposure: ComposeCheck = (service, { file, raw }) => {
  if (!isServer(service, file) || service.environment.some(({ name }) => GUARDED.test(name))) return [];
  return service.ports
    .filter(({ address, protocol }) => address === null && protocol === 'tcp')
    .map(({ path, host, inner, short }) => {
      const written = raw(path);
      const bare =
        typeof written === 'string'
          ? /^(?:(?:0\.0\.0\.0|\[::\]):)?((?:\d+|\$\{\w+(?::?-\d+)?\}):\d+(?:\/tcp)?)$/.exec(written)?.[1]
          : undefined;
      const edit: DocumentEdit | null = !short
        ? { op: raw([...path, 'host_ip']) === undefined ? 'insert' : 'set', path: [...path, 'host_ip'], value: '127.0.0.1' }
        : bare === undefined
          ? null
          : { op: 'set', path, value: `127.0.0.1:${bare}` };
      return {
        code: 'exposed-to-network',
        severity: 'advice',
        certainty: 'likely',
        path,
        summary: `${service.name} is published on every address of the host${host === null ? '' : `, port ${host}`}, and nothing here says that it asks for credentials.`,
        advice: null,
        mend: {
          title: 'Publish it on loopback only',
          block: short ? `"127.0.0.1:${host ?? ''}:${inner}"` : 'host_ip: 127.0.0.1',
          edits: edit === null ? [] : [edit],
        },
      };
    });
};

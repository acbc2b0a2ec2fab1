import type { ConfigFile, ConfigScope } from '../../src/model/config.ts';
import type { ClientId } from '../../src/model/ids.gen.ts';
import type { Client, FileRule } from '../../src/clients/client.ts';
import { CLIENTS } from '../../src/clients/index.gen.ts';
import type { Surroundings } from '../../src/clients/locate.ts';
import { readConfigText, type FileReading } from '../../src/clients/read-file.ts';

export const HERE: Surroundings = { platform: 'linux', home: '/home/ada', cwd: '/work/app', project: '/work/app', environment: {} };

export function clientNamed(id: ClientId): Client {
  const client = CLIENTS.find((one) => one.id === id);
  if (client === undefined) throw new Error(`no client ${id}`);
  return client;
}

/** The first rule of a client that is read today and has this scope and format. */
export function ruleOf(client: Client, scope?: ConfigScope, format?: string): FileRule {
  const rule = client.files.find(
    (one) => one.read === undefined && (scope ?? one.scope) === one.scope && (format ?? one.format) === one.format,
  );
  if (rule === undefined) throw new Error(`no such file of ${client.id}`);
  return rule;
}

/** A text read as a client's file. */
export function read(id: ClientId, text: string, scope?: ConfigScope, format?: string): FileReading {
  const client = clientNamed(id);
  const rule = ruleOf(client, scope, format);
  const file: ConfigFile = { client: id, path: '/work/app/config', shown: 'config', scope: rule.scope, format: rule.format };
  return readConfigText(client, rule, file, text, HERE);
}

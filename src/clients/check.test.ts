import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConfigScope } from '../model/config.ts';
import type { ClientId } from '../model/ids.gen.ts';
import { checkConfigs } from './check.ts';
import { settle, type StateValue } from './settle.ts';
import { clientNamed, HERE, read } from '../../test/rig/clients.ts';

interface Case {
  readonly title: string;
  readonly files: readonly { readonly client: ClientId; readonly servers: object; readonly scope?: ConfigScope }[];
  readonly variables?: Readonly<Record<string, string>>;
  readonly states?: readonly StateValue[];
  readonly finds: readonly string[];
}

const one = (entry: object) => ({ one: entry });
const cursor = (entry: object) => [{ client: 'cursor' as const, servers: one(entry) }];
const claude = (entry: object, scope: ConfigScope = 'user') => ({ client: 'claude-code' as const, servers: one(entry), scope });
const remote = (token: string) => ({ type: 'http', url: 'https://a.example/mcp', headers: { Authorization: token } });

const CASES: readonly Case[] = [
  { title: 'a variable that is not set', files: cursor({ url: 'https://a.example/${env:PART}' }), finds: ['config-unset-variable'] },
  { title: 'a variable that is set', files: cursor({ url: 'https://a.example/${env:PART}' }), variables: { PART: 'mcp' }, finds: [] },
  { title: 'a default', files: [claude(remote('Bearer ${T:-none}'))], finds: [] },
  {
    title: "another client's form",
    files: cursor({ url: 'https://a.example/${PART}' }),
    variables: { PART: 'mcp' },
    finds: ['config-unset-variable'],
  },
  { title: 'a name the client fills in', files: cursor({ command: 'x', args: ['${workspaceFolder}'] }), finds: [] },
  { title: 'what a shell expands', files: cursor({ command: 'sh', args: ['-c', 'echo ${HOME}'] }), finds: [] },
  { title: 'an amount of dollars', files: cursor({ command: 'x', args: ['costs $5 or $five'] }), finds: [] },
  {
    title: 'seconds for milliseconds',
    files: [{ client: 'gemini-cli', servers: one({ command: 'x', timeout: 30 }) }],
    finds: ['config-timeout-unit'],
  },
  { title: 'milliseconds', files: [{ client: 'gemini-cli', servers: one({ command: 'x', timeout: 30_000 }) }], finds: [] },
  {
    title: 'milliseconds for seconds',
    files: [{ client: 'cline', servers: one({ command: 'x', timeout: 30_000 }) }],
    finds: ['config-timeout-unit'],
  },
  { title: 'an hour in seconds', files: [{ client: 'cline', servers: one({ command: 'x', timeout: 3600 }) }], finds: [] },
  {
    title: 'one name in two scopes',
    files: [claude({ command: 'x' }, 'local'), claude({ command: 'y' })],
    finds: ['config-duplicate-name', 'config-duplicate-name'],
  },
  { title: 'one name in two clients', files: [claude({ command: 'x' }), ...cursor({ command: 'x' })], finds: [] },
  { title: 'a project file that was not approved', files: [claude({ command: 'x' }, 'project')], finds: ['config-needs-approval'] },
  {
    title: 'rejected',
    files: [claude({ command: 'x' }, 'project')],
    states: [{ means: 'rejected', value: ['one'] }],
    finds: ['config-needs-approval'],
  },
  { title: 'approved', files: [claude({ command: 'x' }, 'project')], states: [{ means: 'approved', value: ['one'] }], finds: [] },
  {
    title: 'two servers on one port',
    files: [claude({ command: 'x', args: ['--port', '4001'] }), ...cursor({ command: 'y', env: { PORT: '4001' } })],
    finds: ['config-port-clash', 'config-port-clash'],
  },
  {
    title: 'two ports',
    files: [claude({ command: 'x', args: ['--port', '4001'] }), ...cursor({ command: 'y', args: ['--port=4002'] })],
    finds: [],
  },
  {
    title: 'a token in a project file',
    files: [{ client: 'cursor', scope: 'project', servers: one({ command: 'x', env: { API_TOKEN: 'abcdef123456' } }) }],
    finds: ['secret-in-config'],
  },
  { title: 'a reference to a token', files: cursor({ command: 'x', env: { API_TOKEN: '${env:T}' } }), variables: { T: 'x' }, finds: [] },
  { title: 'a placeholder', files: cursor({ command: 'x', env: { API_TOKEN: 'your-token-here' } }), finds: [] },
  {
    title: 'whatever version is newest',
    files: cursor({ command: 'npx', args: ['-y', '@scope/thing@latest'] }),
    finds: ['unpinned-launch'],
  },
  { title: 'a version', files: cursor({ command: 'npx', args: ['-y', '@scope/thing@1.2.3'] }), finds: [] },
  {
    title: 'an image without a tag',
    files: cursor({ command: 'docker', args: ['run', '-i', '--rm', '-e', 'A', 'mcp/thing'] }),
    finds: ['unpinned-launch'],
  },
  { title: 'an image with a tag', files: cursor({ command: 'docker', args: ['run', '-i', '--rm', 'mcp/thing:1.2'] }), finds: [] },
  {
    title: 'a local address that another client has as a command',
    files: [claude({ command: 'x' }), ...cursor({ url: 'http://localhost:3000/mcp' })],
    finds: ['prefer-stdio'],
  },
  { title: 'a remote address likewise', files: [claude({ command: 'x' }), ...cursor({ url: 'https://a.example/mcp' })], finds: [] },
];

for (const { title, files, variables = {}, states = [], finds } of CASES) {
  test(`checks: ${title}`, () => {
    const ids = [...new Set(files.map(({ client }) => client))];
    const settled = ids.flatMap((id) => {
      const readings = files
        .filter(({ client }) => client === id)
        .map(({ servers, scope }) => {
          const map = scope === 'local' ? { projects: { '/work/app': { mcpServers: servers } } } : { mcpServers: servers };
          return { ...read(id, JSON.stringify(map, null, 2), scope ?? 'user'), replaced: false };
        });
      return settle(clientNamed(id), readings, states);
    });
    const problems = checkConfigs(ids.map(clientNamed), settled, { ...HERE, environment: variables });
    assert.deepEqual(
      problems.map(({ code }) => code),
      finds,
    );
    for (const { summary, position } of problems) {
      assert.match(summary, /^\S.*\.$/);
      assert.doesNotMatch(summary, /undefined|abcdef123456/);
      assert.ok(position.line > 0);
    }
  });
}

import { defineClient, NO_APPROVAL, type FileRule } from './client.ts';
import { COMMON_SHAPE } from './shape.ts';

function file(scope: FileRule['scope'], path: string): FileRule {
  return { scope, path: { linux: path, darwin: path }, format: 'json', keys: [['mcpServers']] };
}

export const client = defineClient({
  id: 'amazon-q-cli',
  title: 'Amazon Q Developer CLI',
  kind: 'cli',
  footprints: [{ linux: '~/.aws/amazonq', darwin: '~/.aws/amazonq' }],
  files: [
    file('project', '<project>/.amazonq/cli-agents/*.json'),
    { ...file('project', '<project>/.amazonq/mcp.json'), note: 'Read only when the active agent includes it.' },
    file('user', '~/.aws/amazonq/cli-agents/*.json'),
    { ...file('user', '~/.aws/amazonq/mcp.json'), note: 'Read only when the active agent includes it.' },
  ],
  precedence: ['project', 'user'],
  merge: 'replace',
  shape: {
    ...COMMON_SHAPE,
    type: {
      field: 'type',
      words: { stdio: 'stdio', http: 'http' },
      missingWithUrl: 'error',
      missingWithCommand: 'stdio',
      write: { stdio: null, http: 'http', sse: 'http' },
    },
    disabled: { field: 'disabled', when: true },
    timeouts: [{ field: 'timeout', unit: 'ms', of: 'tool' }],
    others: ['oauthScopes', 'oauth', 'autoApprove'],
  },
  badEntry: 'unknown',
  expansion: { forms: ['${env:}'], fields: ['env'], predefined: [], from: 'process', whenUnset: 'unknown' },
  startup: { defaultMs: 'unknown', variable: null },
  approval: NO_APPROVAL,
  switchedOff: '`"disabled": true` in the entry',
  environment: 'inherited',
  needsCmdWrapper: 'unknown',
  proxyVariables: 'read',
  logs: [{ path: { darwin: '$TMPDIR/qlog/qchat.log', linux: '$XDG_RUNTIME_DIR/qlog/qchat.log' }, note: 'more with Q_LOG_LEVEL=trace' }],
  reconnects: { remote: 'unknown', stdio: 'unknown' },
  reload: 'Restart `q chat`.',
  names: null,
  notes: ['No longer maintained: Kiro CLI took its place.', '`q settings mcp.initTimeout` sets the limit for starting, in milliseconds.'],
  refs: ['https://docs.aws.amazon.com/amazonq/latest/qdeveloper-ug/command-line-mcp.html', 'https://github.com/aws/amazon-q-developer-cli'],
});

import { defineConfigCause, type MatchBase } from '../../model/cause.ts';
import type { ConfigTarget } from '../../model/config-evidence.ts';
import { configEvidence } from '../../model/config-examples.ts';

interface Args extends MatchBase {
  readonly target: ConfigTarget;
}

/** The server is switched off. */
export const cause = defineConfigCause({
  id: 'switched-off',
  group: 'advice',
  title: 'The server is switched off',
  layer: 'config',
  severity: 'advice',
  needs: [],
  hiddenBy: [],
  match: ({ target, skip }): Args | undefined => (skip === 'switched-off' ? { certainty: 'proved', target } : undefined),
  explain: ({ target: { name, client, switchedOffBy } }) => ({
    summary: `${name} is switched off in ${client}.`,
    evidence: [`it is switched off ${switchedOffBy}`],
  }),
  remedies: () => [{ kind: 'tell', title: 'Switch it on in the client if you want to use it.' }],
  about: `The entry, or a list that the client keeps, says that this server is not to be used. mcpreach reads the list and leaves the server alone too.
By hand: the client's page in docs/clients says where servers are switched off.`,
  refs: ['https://code.claude.com/docs/en/mcp'],
  examples: () => ({
    fires: [{ title: 'the server is switched off', evidence: configEvidence({ skip: 'switched-off' }) }],
    quiet: [
      { title: 'it was tried', evidence: configEvidence() },
      { title: 'skipped for another reason', evidence: configEvidence({ skip: 'rejected' }) },
    ],
  }),
});

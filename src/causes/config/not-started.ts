import { defineConfigCause, type MatchBase } from '../../model/cause.ts';
import type { ConfigTarget } from '../../model/config-evidence.ts';
import { configEvidence } from '../../model/config-examples.ts';

interface Args extends MatchBase {
  readonly target: ConfigTarget;
}

/** Nothing was started, as asked. */
export const cause = defineConfigCause({
  id: 'not-started',
  group: 'advice',
  title: 'Nothing was started, as asked',
  layer: 'config',
  severity: 'advice',
  needs: [],
  hiddenBy: [],
  match: ({ target, skip }): Args | undefined => (skip === 'no-spawn' ? { certainty: 'proved', target } : undefined),
  explain: ({ target: { name, file } }) => ({
    summary: `${name} was not started, since --no-spawn was given.`,
    evidence: [`its command stands in ${file}`],
  }),
  remedies: () => [{ kind: 'tell', title: 'Run mcpreach without --no-spawn to have it started and spoken to.' }],
  about: `The server was not asked, because nothing was to be started.
mcpreach was given \`--no-spawn\`: it reads configs and asks HTTP servers, but starts no program. A stdio server is known by its answers only, so
nothing is said about this one beyond what its entry tells.
By hand: run mcpreach without that option, or the entry's command in a terminal.`,
  refs: ['https://modelcontextprotocol.io/specification/2025-06-18/basic/transports'],
  examples: () => ({
    fires: [{ title: 'nothing was started, as asked', evidence: configEvidence({ skip: 'no-spawn' }) }],
    quiet: [
      { title: 'it was tried', evidence: configEvidence() },
      { title: 'skipped for another reason', evidence: configEvidence({ skip: 'rejected' }) },
    ],
  }),
});

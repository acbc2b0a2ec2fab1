import { defineConfigCause } from '../../model/cause.ts';
import { configEvidence, problem } from '../../model/config-examples.ts';
import { explainProblems, mendProblems, type ProblemArgs, worstOf } from './from-problem.ts';

/** Two definitions have the same name, and one of them counts. */
export const cause = defineConfigCause({
  id: 'config-duplicate-name',
  group: 'config',
  title: 'Two definitions have the same name',
  layer: 'config',
  severity: 'warning',
  needs: [],
  hiddenBy: [],
  match({ problems, skip }): ProblemArgs | undefined {
    const args = worstOf(problems.filter(({ code }) => code === 'config-duplicate-name'));
    // What is not tried does not fail.
    return args !== undefined && skip !== null ? { ...args, severity: 'advice' } : args;
  },
  explain: explainProblems,
  remedies: mendProblems,
  about: `A client reads several files, and the same name stands in more than one of them, or twice in one. Only the strongest definition counts;
the other has no effect, however right it is.
mcpreach knows the order of each client's scopes. By hand: look for the name in every file on the client's page in docs/clients.`,
  refs: ['https://code.claude.com/docs/en/mcp', 'https://www.rfc-editor.org/rfc/rfc8259'],
  examples() {
    const duplicate = problem({
      code: 'config-duplicate-name',
      severity: 'warning',
      summary: "docs is defined in .mcp.json (project) and in ~/.claude.json (user); the project's definition counts.",
      line: '    "docs": {',
      advice: 'Remove one of the two.',
    });
    return {
      fires: [
        { title: 'in two scopes', evidence: configEvidence({ problems: [duplicate] }) },
        { title: 'the definition that does not count', evidence: configEvidence({ problems: [duplicate], skip: 'hidden' }) },
      ],
      quiet: [{ title: 'defined once', evidence: configEvidence() }],
    };
  },
});

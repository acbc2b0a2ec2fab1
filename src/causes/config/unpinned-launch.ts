import { problemCause } from './from-problem.ts';

/** The launched package has no fixed version. */
export const cause = problemCause({
  id: 'unpinned-launch',
  group: 'advice',
  title: 'The launched package has no fixed version',
  severity: 'advice',
  about: `\`npx PACKAGE\`, \`uvx PACKAGE\` and \`docker run IMAGE\` without a version start whatever was published last: a server that worked yesterday fails
today, or is somebody else's code. Each start may download, which a client's start-up limit does not allow for.
mcpreach reads the launch command in the entry. By hand: \`npm view PACKAGE version\` (every system) shows what would be started now.
Name the version, as in \`npx -y some-server@1.2.3\`.`,
  refs: ['https://docs.npmjs.com/cli/v11/commands/npx', 'https://docs.astral.sh/uv/guides/tools/'],
  example: {
    title: 'npx without a version',
    summary: 'npx starts whichever version of some-server was published last.',
    line: '      "args": ["-y", "some-server"]',
    advice: 'Write some-server@ and the version.',
  },
});

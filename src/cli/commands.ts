import { FORMAT_IDS } from '../formats/catalogue.ts';
import type { Command, OptionRecord } from './command.ts';

const NO_COLOR: OptionRecord = { flags: '--no-color', summary: 'plain text; NO_COLOR does the same' };

const DOCTOR: Command = {
  name: 'doctor',
  summary: 'find out why a server cannot be reached (the default command)',
  words: {
    flags: '[target...]',
    summary:
      'address, NAME, CLIENT:NAME, CLIENT:, config file, Compose file or FILE#NAME; without any, every server of every client config found here',
  },
  commandLine: { flags: '-- command args...', summary: 'command line of a stdio server; it is run, spoken to and ended again' },
  options: [
    { flags: '--json', summary: 'one JSON document on stdout, same as --format json' },
    { flags: '--format <id>', summary: 'form of the report (default: text)', choices: FORMAT_IDS },
    { flags: '--timeout <time>', summary: 'how long one answer may take: 5s, 2m, or milliseconds' },
    { flags: '--patience <time>', summary: 'how long a refused address is watched (default: 5s; 0 turns it off)' },
    { flags: '--start <command>', summary: 'how the server is started; it is run, read and ended again' },
    { flags: '--header <header>', summary: "'Name: value' to send; may be repeated", repeatable: true },
    { flags: '--ca <file>', summary: 'PEM file with additional trusted certificates' },
    { flags: '--transport <type>', summary: 'how the address is configured in the client', choices: ['http', 'sse'] },
    { flags: '--config <file>', summary: 'read this config file only' },
    { flags: '--client <id>', summary: 'read the configs of this client only' },
    { flags: '--no-spawn', summary: 'start no stdio server of a config' },
    { flags: '--yes', summary: 'start the commands of project configs without asking' },
    { flags: '--exec', summary: 'where nothing else tells, run cat in a container to see where its server listens' },
    { flags: '--log <file>', summary: 'log of the client or server to read as well; may be repeated', repeatable: true },
    { flags: '--strict', summary: 'exit with 1 on warnings too' },
    { flags: '--quiet', summary: 'print the verdicts only' },
    { flags: '--verbose', summary: 'print everything that was found' },
    NO_COLOR,
  ],
  examples: [
    'mcpreach',
    'mcpreach doctor claude-code:github',
    'mcpreach doctor http://localhost:3000/mcp',
    'mcpreach doctor -- npx -y @modelcontextprotocol/server-everything',
    'mcpreach https://mcp.example.com/mcp --header "Authorization: Bearer $TOKEN"',
    "mcpreach doctor http://localhost:3000/mcp --start 'npm run server'",
    'mcpreach doctor http://localhost:3000/mcp --format markdown > report.md',
  ],
  run: async (parsed, session) => (await import('./doctor.ts')).runDoctor(parsed, session),
};

const EXPLAIN: Command = {
  name: 'explain',
  summary: 'read an error message, a log or a cause code; nothing is probed',
  words: { flags: '[text...]', summary: 'the message, a log file, a cause code, or - for stdin' },
  options: [
    { flags: '--json', summary: 'one JSON document on stdout' },
    { flags: '--os <system>', summary: 'where it failed: linux, macos, windows, wsl or docker' },
    { flags: '--client <id>', summary: 'the MCP client that said it, for example claude-desktop' },
    { flags: '--config <file>', summary: 'the config in which the server stands; it is only read' },
    NO_COLOR,
  ],
  examples: ["mcpreach explain 'spawn npx ENOENT' --os macos", 'mcpreach explain mcp.log', 'mcpreach explain ipv6-localhost'],
  run: async (parsed, session) => (await import('./explain.ts')).runExplain(parsed, session),
};

const MCP: Command = {
  name: 'mcp',
  summary: 'an MCP server on stdin and stdout whose tools diagnose, for agents',
  words: null,
  options: [],
  examples: ['mcpreach mcp', 'claude mcp add mcpreach -- npx -y mcpreach mcp'],
  run: async (parsed, session) => (await import('./mcp.ts')).runMcp(parsed, session),
};

const SERVE: Command = {
  name: 'serve',
  summary: 'make a stdio server reachable over Streamable HTTP, with /health, /ready and /metrics',
  words: null,
  commandLine: { flags: '-- command args...', summary: 'command line of the stdio server; one process for each session' },
  options: [
    { flags: '--port <number>', summary: 'port to listen on (default: 8808; 0 lets the system choose and prints the address on stdout)' },
    { flags: '--host <address>', summary: 'address to listen on instead of 127.0.0.1 and ::1; needs --token, --token-env or --insecure' },
    { flags: '--path <path>', summary: 'where Streamable HTTP is (default: /mcp)' },
    { flags: '--sse', summary: 'offer the older HTTP+SSE at /sse as well' },
    { flags: '--shared', summary: 'one process for all sessions' },
    { flags: '--token <token>', summary: 'bearer token that every request must carry' },
    { flags: '--token-env <variable>', summary: 'environment variable that holds the token' },
    { flags: '--insecure', summary: 'allow --host without a token: everybody who reaches the address can use the server' },
    { flags: '--allow-origin <origin>', summary: 'origin of web pages that may use the server; may be repeated', repeatable: true },
    { flags: '--allow-host <name>', summary: 'further name under which the server is reached; may be repeated', repeatable: true },
    { flags: '--max-sessions <number>', summary: 'most sessions at a time (default: 200)' },
    { flags: '--idle <time>', summary: 'end of a session without requests and open streams (default: 5m)' },
    { flags: '--timeout <time>', summary: 'how long /ready waits for the server (default: 10s)' },
    { flags: '--quiet', summary: 'print nothing but errors' },
  ],
  examples: [
    'mcpreach serve -- npx -y @modelcontextprotocol/server-everything',
    'mcpreach serve --port 0 --shared -- uvx some-server',
    'mcpreach serve --host 0.0.0.0 --token-env MCP_TOKEN -- some-server',
  ],
  run: async (parsed, session) => (await import('./serve.ts')).runServe(parsed, session),
};

const FIX: Command = {
  name: 'fix',
  summary: 'mend what an edit of a config file can mend, and prove it',
  words: { flags: '[target...]', summary: 'NAME, CLIENT:NAME, CLIENT:, a config file, or FILE#NAME; default: every server found here' },
  options: [
    { flags: '--dry-run', summary: 'show the edits and make none' },
    { flags: '--yes', summary: 'make the edits, and start the servers of this folder, without asking' },
    { flags: '--list', summary: 'list the backups of earlier edits' },
    { flags: '--undo [id]', summary: 'put a file back as it was before an edit (default: the last one)' },
    { flags: '--config <file>', summary: 'read this config file only' },
    { flags: '--client <id>', summary: 'read the configs of this client only' },
    { flags: '--no-spawn', summary: 'start no stdio server' },
    { flags: '--json', summary: 'one JSON document on stdout, same as --format json' },
    { flags: '--format <id>', summary: 'form of the report (default: text)', choices: FORMAT_IDS },
    { flags: '--timeout <time>', summary: 'how long one answer may take: 5s, 2m, or milliseconds' },
    { flags: '--patience <time>', summary: 'how long a refused address is watched (default: 5s; 0 turns it off)' },
    { flags: '--header <header>', summary: "'Name: value' to send; may be repeated", repeatable: true },
    { flags: '--ca <file>', summary: 'PEM file with additional trusted certificates' },
    { flags: '--quiet', summary: 'print less' },
    { flags: '--verbose', summary: 'print everything that was found' },
    NO_COLOR,
  ],
  examples: [
    'mcpreach fix --dry-run',
    'mcpreach fix cursor:my-server',
    'mcpreach fix .mcp.json --yes',
    'mcpreach fix --list',
    'mcpreach fix --undo',
  ],
  run: async (parsed, session) => (await import('./fix.ts')).runFix(parsed, session),
};

const CONNECT: Command = {
  name: 'connect',
  summary: 'a stdio MCP server in front of any target, which outlives its restarts; for client configs',
  words: { flags: '[target]', summary: 'address, NAME, CLIENT:NAME, or FILE#NAME' },
  commandLine: { flags: '-- command args...', summary: 'command line of a stdio server; it is started again when it ends' },
  options: [
    {
      flags: '--hold <time>',
      summary: "how long the client's first message waits for the server (default: 2s less than that client waits)",
    },
    { flags: '--queue <time>', summary: 'how long other requests wait for the server (default: 45s)' },
    { flags: '--no-memory', summary: 'do not answer from what was remembered while the server is not there' },
    { flags: '--retry-idempotent', summary: 'repeat interrupted calls of tools that are marked read-only or idempotent' },
    { flags: '--header <header>', summary: "'Name: value' to send; may be repeated", repeatable: true },
    { flags: '--header-env <header>', summary: "'Name=VARIABLE': the value comes from the environment; may be repeated", repeatable: true },
    { flags: '--ca <file>', summary: 'PEM file with additional trusted certificates' },
    { flags: '--transport <type>', summary: 'which transport the address speaks (default: found out)', choices: ['http', 'sse'] },
    { flags: '--config <file>', summary: 'read this config file only' },
    { flags: '--client <id>', summary: 'read the configs of this client only' },
    { flags: '--yes', summary: "start the command of a project's config without asking" },
    { flags: '--quiet', summary: 'nothing on stderr' },
    NO_COLOR,
  ],
  examples: [
    'mcpreach connect http://localhost:3000/mcp',
    'mcpreach connect -- npx -y @modelcontextprotocol/server-everything',
    'mcpreach connect https://mcp.example.com/mcp --header-env Authorization=MCP_AUTHORIZATION',
  ],
  run: async (parsed, session) => (await import('./connect.ts')).runConnect(parsed, session),
};

const WAIT: Command = {
  name: 'wait',
  summary: 'wait until servers really answer, then run a command',
  words: { flags: '[target...]', summary: 'address, tcp://HOST:PORT, NAME, CLIENT:NAME, CLIENT:, config file or FILE#NAME' },
  commandLine: { flags: '-- command args...', summary: 'what is run as soon as every target is ready' },
  options: [
    { flags: '--for <level>', summary: 'how much has to work (default: mcp)', choices: ['tcp', 'http', 'mcp', 'tools'] },
    { flags: '--tools <names>', summary: 'wait until these tools are listed: add,search' },
    { flags: '--timeout <time>', summary: 'how long to wait at most (default: 60s)' },
    { flags: '--interval <time>', summary: 'pause between two looks (default: adaptive)' },
    { flags: '--stable <time>', summary: 'how long a server has to stay ready' },
    { flags: '--keep-waiting', summary: 'wait on where waiting is no use: certificate, login, not MCP' },
    { flags: '--header <header>', summary: "'Name: value' to send; may be repeated", repeatable: true },
    { flags: '--ca <file>', summary: 'PEM file with additional trusted certificates' },
    { flags: '--config <file>', summary: 'read this config file only' },
    { flags: '--client <id>', summary: 'read the configs of this client only' },
    { flags: '--yes', summary: 'start the commands of project configs without asking' },
    { flags: '--json', summary: 'one JSON document on stdout' },
    { flags: '--quiet', summary: 'print nothing but why it failed' },
    NO_COLOR,
  ],
  examples: [
    'mcpreach wait http://localhost:3000/mcp -- claude',
    'mcpreach wait http://localhost:3000/mcp --timeout 2m --tools search',
    'mcpreach wait tcp://localhost:5432 http://localhost:3000/mcp -- npm test',
  ],
  run: async (parsed, session) => (await import('./wait.ts')).runWait(parsed, session),
};

const DEMO: Command = {
  name: 'demo',
  summary: 'watch the doctor find the faults of a server that is broken before your eyes',
  words: null,
  options: [{ flags: '--fast', summary: 'no pauses between the scenes' }, NO_COLOR],
  examples: ['mcpreach demo', 'mcpreach demo --fast'],
  run: async (parsed, session) => (await import('./demo.ts')).runDemo(parsed, session),
};

const HELP: Command = {
  name: 'help',
  summary: 'what the commands do and which options they take',
  words: { flags: '[command]', summary: 'the command to explain' },
  options: [{ flags: '--json', summary: 'the same text inside a JSON document' }],
  examples: [],
  run: async (parsed, session) => (await import('./help.ts')).runHelp(parsed, session),
};

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [DOCTOR, FIX, EXPLAIN, WAIT, CONNECT, SERVE, MCP, DEMO, HELP];

/** Run when no command is named. */
export const DEFAULT_COMMAND = DOCTOR;

export function findCommand(name: string): Command | undefined {
  return COMMANDS.find((command) => command.name === name);
}

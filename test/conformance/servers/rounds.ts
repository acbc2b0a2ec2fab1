/** The tools and the prompt with which the suite tests requests that need more input (revision 2026-07-28, patterns/mrtr). */
import {
  acceptedContent,
  type CallToolResult,
  CLIENT_CAPABILITIES_META_KEY,
  createRequestStateCodec,
  fromJsonSchema,
  type InputRequests,
  inputRequired,
  type InputRequiredResult,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server';

type Step = (context: ServerContext) => CallToolResult | InputRequiredResult | Promise<CallToolResult | InputRequiredResult>;

/** Signs what the client carries between two rounds, so that it cannot be changed. */
export const STATE = createRequestStateCodec<Record<string, unknown>>({ key: crypto.getRandomValues(new Uint8Array(32)) });

const NOTHING = fromJsonSchema<Record<string, unknown>>({ type: 'object', properties: {} });
const say = (text: string): CallToolResult => ({ content: [{ type: 'text', text }] });

function elicit(message: string, field: string, type: 'string' | 'boolean') {
  const property = type === 'string' ? { type: 'string' as const } : { type: 'boolean' as const };
  return inputRequired.elicit({ message, requestedSchema: { type: 'object', properties: { [field]: property }, required: [field] } });
}

const askName = () => elicit('What is your name?', 'name', 'string');
const askConsent = () => elicit('May I?', 'ok', 'boolean');
const askModel = (text: string) =>
  inputRequired.createMessage({ messages: [{ role: 'user', content: { type: 'text', text } }], maxTokens: 50 });

function nameIn({ mcpReq }: ServerContext, key: string): string | undefined {
  const name: unknown = acceptedContent<{ name: unknown }>(mcpReq.inputResponses, key)?.name;
  return typeof name === 'string' ? name : undefined;
}

function responseIn<T>({ mcpReq }: ServerContext, key: string): T | undefined {
  return mcpReq.inputResponses?.[key] as T | undefined;
}

const STEPS: Readonly<Record<string, Step>> = {
  test_input_required_result_elicitation(context) {
    const name = nameIn(context, 'user_name');
    return name === undefined ? inputRequired({ inputRequests: { user_name: askName() } }) : say(`Hello, ${name}!`);
  },
  test_input_required_result_sampling(context) {
    const answer = responseIn<{ content?: { text?: string } }>(context, 'capital_question');
    if (answer === undefined) return inputRequired({ inputRequests: { capital_question: askModel('What is the capital of France?') } });
    return say(`The model says: ${answer.content?.text ?? JSON.stringify(answer)}`);
  },
  test_input_required_result_list_roots(context) {
    const roots = responseIn<{ roots?: unknown[] }>(context, 'client_roots')?.roots;
    return roots === undefined
      ? inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } })
      : say(`${roots.length} roots`);
  },
  async test_input_required_result_request_state({ mcpReq }) {
    if (acceptedContent(mcpReq.inputResponses, 'confirm') !== undefined && mcpReq.requestState() !== undefined) return say('state-ok');
    return inputRequired({ inputRequests: { confirm: askConsent() }, requestState: await STATE.mint({ of: 'state' }) });
  },
  async test_input_required_result_multiple_inputs(context) {
    const name = nameIn(context, 'user_name');
    const greeting = responseIn<{ content?: { text?: string } }>(context, 'greeting')?.content?.text;
    const roots = responseIn<{ roots?: unknown[] }>(context, 'client_roots')?.roots;
    if (name !== undefined && greeting !== undefined && roots !== undefined) return say(`${greeting} ${name}, ${roots.length} roots`);
    const inputRequests = { user_name: askName(), greeting: askModel('Greet somebody.'), client_roots: inputRequired.listRoots() };
    return inputRequired({ inputRequests, requestState: await STATE.mint({ of: 'several' }) });
  },
  async test_input_required_result_multi_round(context) {
    const state = context.mcpReq.requestState<Record<string, unknown>>();
    const round = typeof state?.['round'] === 'number' ? state['round'] : 0;
    if (round === 0) return inputRequired({ inputRequests: { step1: askName() }, requestState: await STATE.mint({ round: 1 }) });
    if (round === 1) {
      const requestState = await STATE.mint({ round: 2, name: nameIn(context, 'step1') });
      return inputRequired({ inputRequests: { step2: elicit('Which colour?', 'color', 'string') }, requestState });
    }
    const color: unknown = acceptedContent<{ color: unknown }>(context.mcpReq.inputResponses, 'step2')?.color;
    return say(`${String(state?.['name'])} likes ${String(color)}`);
  },
  async test_input_required_result_tampered_state({ mcpReq }) {
    if (acceptedContent(mcpReq.inputResponses, 'confirm') !== undefined && mcpReq.requestState() !== undefined) return say('integrity-ok');
    return inputRequired({ inputRequests: { confirm: askConsent() }, requestState: await STATE.mint({ of: 'tampering' }) });
  },
  test_input_required_result_capabilities({ mcpReq }) {
    if (mcpReq.inputResponses !== undefined) return say('Thank you.');
    const envelope = mcpReq.envelope as Readonly<Record<string, unknown>> | undefined;
    const able = envelope?.[CLIENT_CAPABILITIES_META_KEY] as Readonly<Record<string, unknown>> | undefined;
    const inputRequests: InputRequests = {
      ...(able?.['elicitation'] === undefined ? {} : { user_name: askName() }),
      ...(able?.['sampling'] === undefined ? {} : { greeting: askModel('Greet somebody.') }),
      ...(able?.['roots'] === undefined ? {} : { client_roots: inputRequired.listRoots() }),
    };
    return Object.keys(inputRequests).length === 0 ? say('Nothing to ask.') : inputRequired({ inputRequests });
  },
  /** Needs a capability that the suite does not declare. */
  test_missing_capability(context) {
    if (responseIn(context, 'llm_answer') !== undefined) return say('The model answered.');
    return inputRequired({ inputRequests: { llm_answer: askModel('Say pong.') } });
  },
  test_streaming_elicitation: () => say('Nothing but this result comes on the stream.'),
  async test_logging_tool({ mcpReq }) {
    await mcpReq.log('info', 'Only heard by those who set a level.');
    return say('Logged.');
  },
};

/** Registers them, and the tools that make the server say that its lists changed. */
export function registerRounds(server: McpServer, changed: { readonly tools: () => void; readonly prompts: () => void }): void {
  const steps: Record<string, Step> = {
    ...STEPS,
    test_trigger_tool_change: () => (changed.tools(), say('Told.')),
    test_trigger_prompt_change: () => (changed.prompts(), say('Told.')),
  };
  for (const [name, step] of Object.entries(steps)) {
    server.registerTool(name, { description: 'Asks for more.', inputSchema: NOTHING }, (_args, context) => step(context));
  }
  const properties: Record<string, Record<string, string>> = {
    region: { type: 'string', 'x-mcp-header': 'Region' },
    level: { type: 'integer' },
  };
  const inputSchema = fromJsonSchema<Record<string, unknown>>({ type: 'object', properties });
  server.registerTool('test_x_mcp_header', { description: 'Has an argument in a header.', inputSchema }, ({ region }) =>
    say(String(region)),
  );
  server.registerPrompt('test_input_required_result_prompt', { description: 'Asks before it answers.' }, (context: unknown) => {
    const responses = (context as ServerContext).mcpReq.inputResponses;
    const given: unknown = acceptedContent<{ context: unknown }>(responses, 'user_context')?.context;
    if (typeof given !== 'string') return inputRequired({ inputRequests: { user_context: elicit('Which context?', 'context', 'string') } });
    return { messages: [{ role: 'user' as const, content: { type: 'text' as const, text: `Context: ${given}` } }] };
  });
}

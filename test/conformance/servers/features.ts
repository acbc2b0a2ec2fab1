/**
 * What the official conformance suite asks of a server, as data that both SDKs can serve. The names of tools, prompts and
 * resources are the suite's; it looks at shapes and hardly at words.
 */
export type Content =
  | { type: 'text'; text: string }
  | { type: 'image' | 'audio'; data: string; mimeType: string }
  | { type: 'resource'; resource: { uri: string; mimeType: string; text: string } };

type Json = Record<string, unknown>;

/** What a tool can do while it runs. */
export interface Running {
  readonly args: Json;
  readonly progressToken: string | number | undefined;
  notify(method: string, params: Json): Promise<void>;
  /** Asks the client and waits for its answer. */
  ask(method: 'sampling/createMessage' | 'elicitation/create', params: Json): Promise<Json>;
  /** Ends the event stream of this call, so that the client has to come back for the answer. */
  hangUp(): void;
}

export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: Json;
  run(running: Running): Content[] | Promise<Content[]>;
}

export interface Prompt {
  readonly name: string;
  readonly arguments: readonly string[];
  contents(args: Readonly<Record<string, string>>): Content[];
}

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC';
const SILENCE = 'UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQIAAAAAAA==';
const IMAGE: Content = { type: 'image', data: PIXEL, mimeType: 'image/png' };

const NONE = { type: 'object', properties: {} };
const words = (...names: string[]): Json => ({
  type: 'object',
  properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
  required: names,
});
const text = (said: string): Content => ({ type: 'text', text: said });
const embedded = (uri: string, mimeType: string, said: string): Content => ({ type: 'resource', resource: { uri, mimeType, text: said } });
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));

async function elicit({ ask }: Running, message: string, requestedSchema: Json): Promise<Content[]> {
  const { action, content } = await ask('elicitation/create', { message, requestedSchema });
  return [text(`action=${String(action)}, content=${JSON.stringify(content ?? {})}`)];
}

const DEFAULTS = {
  name: { type: 'string', default: 'John Doe' },
  age: { type: 'integer', default: 30 },
  score: { type: 'number', default: 95.5 },
  status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
  verified: { type: 'boolean', default: true },
};

const titled = (...values: string[]) => values.map((value) => ({ const: value, title: `The ${value}` }));
const ENUMS = {
  untitledSingle: { type: 'string', enum: ['option1', 'option2', 'option3'] },
  titledSingle: { type: 'string', oneOf: titled('value1', 'value2', 'value3') },
  legacyEnum: { type: 'string', enum: ['opt1', 'opt2', 'opt3'], enumNames: ['One', 'Two', 'Three'] },
  untitledMulti: { type: 'array', items: { type: 'string', enum: ['option1', 'option2', 'option3'] } },
  titledMulti: { type: 'array', items: { anyOf: titled('value1', 'value2', 'value3') } },
};

/** Has the keywords of JSON Schema 2020-12 that must come through unchanged. */
const SCHEMA_2020_12 = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  $defs: { address: { $anchor: 'addressDef', type: 'object', properties: { street: { type: 'string' }, city: { type: 'string' } } } },
  properties: {
    name: { type: 'string' },
    address: { $ref: '#/$defs/address' },
    contactMethod: { type: 'string', enum: ['phone', 'email'] },
    phone: { type: 'string' },
    email: { type: 'string' },
  },
  allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
  if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
  // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema.
  then: { required: ['phone'] },
  else: { required: ['email'] },
  additionalProperties: false,
};

function tool(name: string, description: string, run: Tool['run'], inputSchema: Json = NONE): Tool {
  return { name, description, run, inputSchema };
}

export const TOOLS: readonly Tool[] = [
  tool('test_simple_text', 'Says something.', () => [text('This is a simple text response for testing.')]),
  tool('test_image_content', 'Shows a picture.', () => [IMAGE]),
  tool('test_audio_content', 'Plays a moment of silence.', () => [{ type: 'audio', data: SILENCE, mimeType: 'audio/wav' }]),
  tool('test_embedded_resource', 'Hands a resource over.', () => [embedded('test://embedded-resource', 'text/plain', 'Embedded.')]),
  tool('test_multiple_content_types', 'All at once.', () => [
    text('Several kinds of content:'),
    IMAGE,
    embedded('test://mixed-content-resource', 'application/json', '{"mixed":true}'),
  ]),
  tool('test_tool_with_logging', 'Logs while it runs.', async ({ notify }) => {
    for (const data of ['started', 'working', 'ended']) {
      await notify('notifications/message', { level: 'info', data });
      await pause();
    }
    return [text('Logged.')];
  }),
  tool('test_tool_with_progress', 'Tells how far it is.', async ({ notify, progressToken }) => {
    if (progressToken === undefined) return [text('Nobody asked.')];
    for (const progress of [0, 50, 100]) {
      await notify('notifications/progress', { progressToken, progress, total: 100 });
      await pause();
    }
    return [text(String(progressToken))];
  }),
  tool('test_error_handling', 'Always fails.', () => {
    throw new Error('This tool intentionally returns an error for testing');
  }),
  tool('test_reconnection', 'Hangs up before it answers.', async ({ hangUp }) => {
    hangUp();
    await pause();
    return [text('Welcome back.')];
  }),
  tool(
    'test_sampling',
    "Asks the client's model.",
    async ({ args, ask }) => {
      const messages = [{ role: 'user', content: { type: 'text', text: String(args['prompt']) } }];
      const { content } = await ask('sampling/createMessage', { messages, maxTokens: 100 });
      return [text(`LLM response: ${String((content as Json | undefined)?.['text'])}`)];
    },
    words('prompt'),
  ),
  tool(
    'test_elicitation',
    'Asks the user.',
    (running) => elicit(running, String(running.args['message']), words('response')),
    words('message'),
  ),
  tool('test_elicitation_sep1034_defaults', 'Asks with defaults.', (running) =>
    elicit(running, 'Look these over.', { type: 'object', properties: DEFAULTS, required: [] }),
  ),
  tool('test_elicitation_sep1330_enums', 'Asks for a choice.', (running) =>
    elicit(running, 'Choose.', { type: 'object', properties: ENUMS, required: [] }),
  ),
  tool('json_schema_2020_12_tool', 'Has a rich schema.', ({ args }) => [text(JSON.stringify(args))], SCHEMA_2020_12),
];

export const PROMPTS: readonly Prompt[] = [
  { name: 'test_simple_prompt', arguments: [], contents: () => [text('This is a simple prompt for testing.')] },
  {
    name: 'test_prompt_with_arguments',
    arguments: ['arg1', 'arg2'],
    contents: ({ arg1, arg2 }) => [text(`arg1='${arg1}', arg2='${arg2}'`)],
  },
  {
    name: 'test_prompt_with_embedded_resource',
    arguments: ['resourceUri'],
    contents: ({ resourceUri }) => [embedded(resourceUri ?? '', 'text/plain', 'Embedded.'), text('Read the resource above.')],
  },
  { name: 'test_prompt_with_image', arguments: [], contents: () => [IMAGE, text('Look at the picture above.')] },
];

export interface Resource {
  readonly name: string;
  readonly uri: string;
  readonly mimeType: string;
  readonly body: { readonly text: string } | { readonly blob: string };
}

export const RESOURCES: readonly Resource[] = [
  { name: 'static-text', uri: 'test://static-text', mimeType: 'text/plain', body: { text: 'Always the same.' } },
  { name: 'static-binary', uri: 'test://static-binary', mimeType: 'image/png', body: { blob: PIXEL } },
  { name: 'watched-resource', uri: 'test://watched-resource', mimeType: 'text/plain', body: { text: 'Watched.' } },
];

/** The one template, and what is behind it. */
export const TEMPLATE = { name: 'template', uriTemplate: 'test://template/{id}/data', mimeType: 'application/json' };

export function readTemplate(id: string): { text: string } {
  return { text: JSON.stringify({ id, data: `Data for ID: ${id}` }) };
}

export const CAPABILITIES = {
  tools: { listChanged: true },
  resources: { subscribe: true, listChanged: true },
  prompts: { listChanged: true },
  logging: {},
  completions: {},
};

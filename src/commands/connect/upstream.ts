import { type BackoffPlan, CONNECT_BACKOFF, START_BACKOFF } from '../../bridge/backoff.ts';
import { withEraTranslation } from '../../bridge/eras/eras.ts';
import { createEraMemory } from '../../bridge/eras/memory.ts';
import type { OpenLink } from '../../bridge/links/link.ts';
import type { StdioInput, TargetInput } from '../../diagnose/options.ts';
import { readTarget } from '../../diagnose/target.ts';
import { VERSION } from '../../model/version.gen.ts';
import { routesTo } from './routes.ts';

/** The way to a target, ready to be opened any number of times. */
export interface Upstream {
  readonly open: OpenLink;
  readonly backoff: BackoffPlan;
  /** Everything that makes it this target: what is sent, or what is started. Full of secrets. */
  readonly key: string;
  /** The address or command line as it may be shown. */
  readonly display: string;
}

export interface UpstreamOptions {
  /** PEM file with additional trusted roots. */
  readonly ca: string | undefined;
  /** Masks secrets in what a started server prints. */
  readonly mask: (text: string) => string;
  /** Hears what a started server says on its standard error. */
  readonly onStderr: (line: string) => void;
}

/** Loads only what this kind of target needs. */
export function upstreamOf(input: TargetInput | StdioInput, options: UpstreamOptions): Promise<Upstream> {
  return 'command' in input ? programUpstream(input, options) : urlUpstream(input, options);
}

async function programUpstream(input: StdioInput, { mask, onStderr }: UpstreamOptions): Promise<Upstream> {
  const [{ openStdioLink }, { readStdioTarget }] = await Promise.all([
    import('../../bridge/links/stdio.ts'),
    import('../../diagnose/stdio-target.ts'),
  ]);
  const { target, launch } = readStdioTarget(input, {});
  const { file, args, cwd, environment } = launch;
  const open = openStdioLink({ command: [file, ...args], cwd, environment, mask, onStderr });
  return {
    open: translating(open, true),
    backoff: START_BACKOFF,
    key: JSON.stringify(['stdio', file, args, cwd, Object.entries(input.env ?? {}).sort()]),
    display: target.display,
  };
}

async function urlUpstream(input: TargetInput, options: UpstreamOptions): Promise<Upstream> {
  const { openUrlLink } = await import('../../bridge/links/url.ts');
  const { url, headers, target } = readTarget(input, {});
  const environment = { ...(input.environment ?? process.env) };
  let roots: Promise<readonly string[] | undefined> | null = null;
  const open = openUrlLink({
    url,
    headers,
    transport: target.transport,
    ca: () => (roots ??= trustedRoots(url, options.ca ?? null, environment)),
    routes: (signal) => routesTo(url, environment, signal),
  });
  return {
    open: translating(open, false),
    backoff: CONNECT_BACKOFF,
    key: JSON.stringify(['http', url.href, target.transport, Object.entries(headers).sort()]),
    display: target.display,
  };
}

function translating(open: OpenLink, stdio: boolean): OpenLink {
  return withEraTranslation(open, { memory: createEraMemory(), stdio, self: { name: 'mcpreach', version: VERSION } });
}

/** Node's own roots with those of NODE_EXTRA_CA_CERTS and `--ca`; undefined where Node's own are all. */
async function trustedRoots(
  url: URL,
  file: string | null,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<readonly string[] | undefined> {
  const extra = environment['NODE_EXTRA_CA_CERTS'] || null;
  const isOurs = extra === (process.env['NODE_EXTRA_CA_CERTS'] || null);
  if (url.protocol !== 'https:' || (file === null && isOurs)) return undefined;
  const [{ rootCertificates }, { readRoots }] = await Promise.all([import('node:tls'), import('../../system/trusted-roots.ts')]);
  const added = await Promise.all([extra, file].filter((one) => one !== null).map(readRoots));
  return [...rootCertificates, ...added.flatMap((some) => some ?? [])];
}

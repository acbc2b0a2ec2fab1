import type { Evidence, SharedKind } from '../model/evidence.ts';
import type { ProbeContext } from '../probes/context.ts';
import { probeDirect, probeProxied } from '../probes/direct.ts';
import { probeDns, probeResolver } from '../probes/dns.ts';
import { probeHolder } from '../probes/holder.ts';
import { probeHostGuard } from '../probes/host-guard.ts';
import { probeMachine } from '../probes/machine.ts';
import { probeOtherScheme } from '../probes/other-scheme.ts';
import { probeOtherTransport } from '../probes/other-transport.ts';
import { probePaths } from '../probes/paths.ts';
import { probePatience } from '../probes/patience.ts';
import { probePeek } from '../probes/peek.ts';
import { probePorts } from '../probes/ports.ts';
import { probeProxy } from '../probes/proxy.ts';
import { probeSiblings } from '../probes/siblings.ts';
import { probeSystemProxy } from '../probes/system-proxy.ts';
import { probeTcp } from '../probes/tcp.ts';
import { probeClientCertificate, probeTls } from '../probes/tls.ts';

type Probes = { readonly [K in SharedKind]: (context: ProbeContext, evidence: Evidence) => Promise<NonNullable<Evidence[K]>> };

/** Who fills which facet; a facet without a probe does not compile. What a plain case never asks for is loaded when it is asked for. */
export const PROBES: Probes = {
  dns: probeDns,
  resolver: probeResolver,
  tcp: probeTcp,
  tls: probeTls,
  clientCertificate: probeClientCertificate,
  proxy: probeProxy,
  direct: probeDirect,
  proxied: probeProxied,
  peek: probePeek,
  otherScheme: probeOtherScheme,
  siblings: probeSiblings,
  hostGuard: probeHostGuard,
  paths: probePaths,
  otherTransport: probeOtherTransport,
  machine: probeMachine,
  holder: probeHolder,
  containers: async (context, evidence) => (await import('../probes/containers.ts')).probeContainers(context, evidence),
  ports: probePorts,
  start: async (context, evidence) => (await import('../probes/start.ts')).probeStart(context, evidence),
  patience: probePatience,
  routes: async (context, evidence) => (await import('../probes/routes.ts')).probeRoutes(context, evidence),
  sandbox: async (context) => (await import('../probes/sandbox.ts')).probeSandbox(context),
  wsl: async (context, evidence) => (await import('../probes/wsl.ts')).probeWsl(context, evidence),
  systemProxy: probeSystemProxy,
  filters: async (context, evidence) => (await import('../probes/filters.ts')).probeFilters(context, evidence),
};

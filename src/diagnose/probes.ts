import type { Evidence, SharedKind } from '../model/evidence.ts';
import type { ProbeContext } from '../probes/context.ts';
import { probeContainers } from '../probes/containers.ts';
import { probeDirect, probeProxied } from '../probes/direct.ts';
import { probeDns, probeResolver } from '../probes/dns.ts';
import { probeFilters } from '../probes/filters.ts';
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
import { probeRoutes } from '../probes/routes.ts';
import { probeSandbox } from '../probes/sandbox.ts';
import { probeSiblings } from '../probes/siblings.ts';
import { probeStart } from '../probes/start.ts';
import { probeSystemProxy } from '../probes/system-proxy.ts';
import { probeTcp } from '../probes/tcp.ts';
import { probeClientCertificate, probeTls } from '../probes/tls.ts';
import { probeWsl } from '../probes/wsl.ts';

type Probes = { readonly [K in SharedKind]: (context: ProbeContext, evidence: Evidence) => Promise<NonNullable<Evidence[K]>> };

/** Who fills which facet; a facet without a probe does not compile. */
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
  containers: probeContainers,
  ports: probePorts,
  start: probeStart,
  patience: probePatience,
  routes: probeRoutes,
  sandbox: probeSandbox,
  wsl: (context, evidence) => probeWsl(context, evidence),
  systemProxy: probeSystemProxy,
  filters: probeFilters,
};

/** All cases, in the order of the contract. */
import badInput from './bad-input.ts';
import type { Fault } from './fault.ts';
import authRejected from './faults/auth-rejected.ts';
import authRequired from './faults/auth-required.ts';
import backendUnreachable from './faults/backend-unreachable.ts';
import boundToLoopback from './faults/bound-to-loopback.ts';
import clientPolicy from './faults/client-policy.ts';
import configAdvice from './faults/config/advice.ts';
import configBadEntry from './faults/config/config-bad-entry.ts';
import configDuplicateName from './faults/config/config-duplicate-name.ts';
import configHealthy from './faults/config/healthy.ts';
import configIgnoredField from './faults/config/config-ignored-field.ts';
import configNeedsApproval from './faults/config/config-needs-approval.ts';
import configPortClash from './faults/config/config-port-clash.ts';
import configSyntax from './faults/config/config-syntax.ts';
import configTimeoutUnit from './faults/config/config-timeout-unit.ts';
import configUnsetVariable from './faults/config/config-unset-variable.ts';
import configWrongFile from './faults/config/config-wrong-file.ts';
import configWrongKey from './faults/config/config-wrong-key.ts';
import configThroughClients from './faults/config/through-clients.ts';
import connectionReset from './faults/connection-reset.ts';
import containerLoopback from './faults/containers/container-loopback.ts';
import containerNearMisses from './faults/containers/near-misses.ts';
import containerNetwork from './faults/containers/container-network.ts';
import containerNotRunning from './faults/containers/container-not-running.ts';
import containerPortUnpublished from './faults/containers/container-port-unpublished.ts';
import containerJustStarted from './faults/containers/just-started.ts';
import containerWithoutListener from './faults/containers/nothing-listens-inside.ts';
import crashOnBoot from './faults/crash-on-boot.ts';
import dnsFailure from './faults/dns-failure.ts';
import exposedToNetwork from './faults/exposed-to-network.ts';
import firewallDrop from './faults/firewall-drop.ts';
import firewallReject from './faults/firewall-reject.ts';
import healthy from './faults/healthy.ts';
import hostUnreachable from './faults/host-unreachable.ts';
import inspectingProxy from './faults/inspecting-proxy.ts';
import ipv6Localhost from './faults/ipv6-localhost.ts';
import localhostInUrl from './faults/localhost-in-url.ts';
import logs from './faults/logs.ts';
import mcpError from './faults/mcp-error.ts';
import notMcp from './faults/not-mcp.ts';
import originHostRejected from './faults/origin-host-rejected.ts';
import plaintextRemote from './faults/plaintext-remote.ts';
import popularPort from './faults/popular-port.ts';
import portInUse from './faults/port-in-use.ts';
import protocolVersion from './faults/protocol-version.ts';
import proxyDown from './faults/proxy-down.ts';
import proxyIntercepts from './faults/proxy-intercepts.ts';
import rateLimited from './faults/rate-limited.ts';
import redirect from './faults/redirect.ts';
import sandboxes from './faults/sandboxes.ts';
import serverError from './faults/server-error.ts';
import serverNotRunning from './faults/server-not-running.ts';
import sessionLost from './faults/session-lost.ts';
import sseLegacy from './faults/sse-legacy.ts';
import startupRace from './faults/startup-race.ts';
import stdioBackendUnreachable from './faults/stdio/backend-unreachable.ts';
import stdioCommandNotFound from './faults/stdio/command-not-found.ts';
import stdioCrashOnBoot from './faults/stdio/crash-on-boot.ts';
import stdioHealthy from './faults/stdio/healthy.ts';
import stdioMcpError from './faults/stdio/mcp-error.ts';
import stdioMissingEnv from './faults/stdio/missing-env.ts';
import stdioPackageNotFound from './faults/stdio/package-not-found.ts';
import stdioPermissionDenied from './faults/stdio/permission-denied.ts';
import stdioPortInUse from './faults/stdio/port-in-use.ts';
import stdioProtocolVersion from './faults/stdio/protocol-version.ts';
import stdioRuntimeTooOld from './faults/stdio/runtime-too-old.ts';
import stdioStdoutPollution from './faults/stdio/stdout-pollution.ts';
import stdioTimeoutHang from './faults/stdio/timeout-hang.ts';
import stdioTimeoutSlowStart from './faults/stdio/timeout-slow-start.ts';
import stdioWrongTransport from './faults/stdio/wrong-transport.ts';
import streamBuffered from './faults/stream-buffered.ts';
import systemProxy from './faults/system-proxy.ts';
import timeoutHang from './faults/timeout-hang.ts';
import timeoutSlowStart from './faults/timeout-slow-start.ts';
import tlsClientCert from './faults/tls-client-cert.ts';
import tlsExpired from './faults/tls-expired.ts';
import tlsHostname from './faults/tls-hostname.ts';
import tlsProtocol from './faults/tls-protocol.ts';
import tlsSelfSigned from './faults/tls-self-signed.ts';
import tlsUnknownCa from './faults/tls-unknown-ca.ts';
import upstreamDown from './faults/upstream-down.ts';
import vpnLongPackets from './faults/vpn/long-packets.ts';
import vpnNearMisses from './faults/vpn/near-misses.ts';
import vpnTunnels from './faults/vpn/tunnels.ts';
import vpnWireguard from './faults/vpn/wireguard.ts';
import wrongHost from './faults/wrong-host.ts';
import wrongPath from './faults/wrong-path.ts';
import wrongPort from './faults/wrong-port.ts';
import wrongScheme from './faults/wrong-scheme.ts';
import wrongTransport from './faults/wrong-transport.ts';

export const FAULTS: readonly Fault[] = [
  // The slowest first: they are mostly waiting.
  ...timeoutSlowStart,
  ...stdioTimeoutSlowStart,
  ...healthy,
  ...serverNotRunning,
  ...startupRace,
  ...crashOnBoot,
  ...portInUse,
  ...wrongPort,
  ...ipv6Localhost,
  ...boundToLoopback,
  ...wrongHost,
  ...dnsFailure,
  ...firewallReject,
  ...firewallDrop,
  ...containerLoopback,
  ...containerPortUnpublished,
  ...containerNotRunning,
  ...containerNetwork,
  ...containerJustStarted,
  ...containerWithoutListener,
  ...containerNearMisses,
  ...hostUnreachable,
  ...vpnTunnels,
  ...vpnLongPackets,
  ...vpnWireguard,
  ...vpnNearMisses,
  ...connectionReset,
  ...proxyIntercepts,
  ...proxyDown,
  ...wrongScheme,
  ...tlsSelfSigned,
  ...tlsUnknownCa,
  ...tlsExpired,
  ...tlsHostname,
  ...tlsProtocol,
  ...tlsClientCert,
  ...wrongPath,
  ...redirect,
  ...notMcp,
  ...wrongTransport,
  ...sseLegacy,
  ...authRequired,
  ...authRejected,
  ...originHostRejected,
  ...sessionLost,
  ...protocolVersion,
  ...rateLimited,
  ...serverError,
  ...upstreamDown,
  ...streamBuffered,
  ...timeoutHang,
  ...mcpError,
  ...backendUnreachable,
  ...clientPolicy,
  ...sandboxes,
  ...systemProxy,
  ...inspectingProxy,
  ...exposedToNetwork,
  ...popularPort,
  ...localhostInUrl,
  ...plaintextRemote,
  ...stdioHealthy,
  ...stdioCommandNotFound,
  ...stdioPermissionDenied,
  ...stdioPackageNotFound,
  ...stdioRuntimeTooOld,
  ...stdioMissingEnv,
  ...stdioStdoutPollution,
  ...stdioCrashOnBoot,
  ...stdioPortInUse,
  ...stdioWrongTransport,
  ...stdioProtocolVersion,
  ...stdioTimeoutHang,
  ...stdioMcpError,
  ...stdioBackendUnreachable,
  ...configHealthy,
  ...configSyntax,
  ...configWrongKey,
  ...configWrongFile,
  ...configBadEntry,
  ...configUnsetVariable,
  ...configPortClash,
  ...configDuplicateName,
  ...configNeedsApproval,
  ...configIgnoredField,
  ...configTimeoutUnit,
  ...configThroughClients,
  ...configAdvice,
  ...logs,
  ...badInput,
];

/** The case with this id. */
export function findFault(id: string): Fault {
  const fault = FAULTS.find((candidate) => candidate.id === id);
  if (fault === undefined) throw new Error(`no such case: ${id}`);
  return fault;
}

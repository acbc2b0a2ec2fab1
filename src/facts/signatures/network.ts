import type { Signature } from './signature.ts';

/** connect(2), bind(2) and getaddrinfo(3) as programs tell of them. */
export const NETWORK: readonly Signature[] = [
  {
    says: 'names a refused connection',
    errno: ['ECONNREFUSED'],
    causes: { 'server-not-running': 5, 'wrong-port': 1.5, 'ipv6-localhost': 1, 'startup-race': 1, 'crash-on-boot': 0.5 },
  },
  {
    says: 'names a refused connection to ::1 and no IPv4 address',
    pattern: /(?:ECONNREFUSED|refused)[^\n]*::1/i,
    not: /127\.0\.0\.1/,
    causes: { 'ipv6-localhost': 9 },
  },
  {
    says: 'names both loopback families as refused, so that neither has a listener',
    pattern: /ECONNREFUSED[^\n]*::1/,
    and: /ECONNREFUSED[^\n]*127\.0\.0\.1/,
    causes: { 'server-not-running': 2, 'wrong-port': 3, 'ipv6-localhost': -2 },
  },
  {
    says: 'shows a listener on an IPv6 wildcard or loopback beside a refused IPv4 address',
    errno: ['ECONNREFUSED'],
    pattern: /\[::1?\]:\d+[^\n]*LISTEN/,
    when: { family: 4 },
    causes: { 'ipv6-localhost': 9 },
  },
  {
    says: 'shows a listener on ::1 beside others on IPv4',
    pattern: /\btcp6?\b[^\n]*::1:\d+[^\n]*LISTEN/,
    and: /\btcp\b[^\n]*\d+\.\d+\.\d+\.\d+:\d+[^\n]*LISTEN/,
    causes: { 'ipv6-localhost': 8 },
  },
  {
    says: 'shows a listener on 127.0.0.1',
    pattern: /127\.0\.0\.1:\d+[^\n]*LISTEN/i,
    causes: { 'bound-to-loopback': 4, 'container-loopback': 3 },
  },
  {
    says: 'names a loopback address that is refused in a container',
    errno: ['ECONNREFUSED'],
    when: { loopback: true, system: ['docker'] },
    causes: { 'container-network': 9 },
  },
  {
    says: 'names a refused connection in a container',
    errno: ['ECONNREFUSED'],
    when: { system: ['docker'] },
    causes: { 'container-network': 3, 'container-loopback': 2, 'bound-to-loopback': 1 },
  },
  {
    says: 'names a loopback address that is refused under WSL',
    errno: ['ECONNREFUSED'],
    when: { loopback: true, system: ['wsl'] },
    causes: { 'wsl-boundary': 8 },
  },
  {
    says: 'names a refused address, told by a stdio server that runs',
    errno: ['ECONNREFUSED'],
    when: { transport: ['stdio'] },
    causes: { 'backend-unreachable': 4 },
  },
  {
    says: 'names a port that macOS gives to AirPlay',
    errno: ['ECONNREFUSED'],
    pattern: /(?:\bport |:)(?:5000|7000)\b/,
    when: { system: ['macos'] },
    causes: { 'port-in-use': 5, 'firewall-reject': 3 },
  },
  {
    says: 'says that the port is taken',
    errno: ['EADDRINUSE'],
    causes: { 'port-in-use': 12 },
  },
  {
    says: 'tells of a reset connection',
    errno: ['ECONNRESET', 'EPIPE'],
    causes: { 'connection-reset': 5, 'container-loopback': 1, 'crash-on-boot': 1, 'proxy-intercepts': 1 },
  },
  {
    says: 'tells of a reset connection to a container',
    errno: ['ECONNRESET', 'EPIPE'],
    when: { system: ['docker'] },
    causes: { 'container-loopback': 4, 'bound-to-loopback': 3, 'proxy-intercepts': 2 },
  },
  {
    says: 'tells of a connection that nobody accepted in time',
    errno: ['ETIMEDOUT'],
    causes: { 'host-unreachable': 4, 'firewall-drop': 3, vpn: 2, 'timeout-hang': 1 },
  },
  {
    says: 'tells of a connection that nobody accepted in time, in a container or under WSL',
    errno: ['ETIMEDOUT'],
    when: { system: ['docker', 'wsl'] },
    causes: { 'container-network': 4, 'wsl-boundary': 1 },
  },
  {
    says: 'tells of a host without a way to it',
    errno: ['EHOSTUNREACH', 'ENETUNREACH'],
    causes: { 'host-unreachable': 7, vpn: 2, 'firewall-reject': 2 },
  },
  { says: 'tells of a name that does not resolve', errno: ['ENOTFOUND'], causes: { 'dns-failure': 9, 'wrong-host': 1 } },
  {
    says: 'tells of a name that does not resolve in a container',
    pattern: /(?:ENOTFOUND|no such host|Name or service not known|EAI_AGAIN)[^\n]*\b[a-z][\w-]*(?::\d+)?\s*(?:$|on |\n)/im,
    when: { system: ['docker'] },
    causes: { 'container-network': 3 },
  },
  {
    says: 'tells of a Docker host name that only containers know',
    pattern: /(?:ENOTFOUND|no such host|not resolve|not known)[^\n]*host\.docker\.internal/i,
    causes: { 'wrong-host': 10 },
  },
  {
    says: 'tells of a name server that did not answer',
    errno: ['EAI_AGAIN'],
    causes: { 'dns-failure': 8, 'firewall-drop': 1.5, vpn: 1 },
  },
  {
    says: 'dials 0.0.0.0',
    pattern: /(?:connect|dial|refused|https?:\/\/)[^\n]*\b0\.0\.0\.0:\d+(?![^\n]*LISTEN)/i,
    causes: { 'wrong-host': 6 },
  },
  {
    says: 'tells of a socket that the system forbids',
    pattern: /WinError 10013|access a socket in a way forbidden/i,
    causes: { 'firewall-reject': 8, 'port-in-use': 4 },
  },
  {
    says: 'names a proxy',
    pattern: /proxy-agent|ProxyError|Cannot connect to proxy|Tunnel connection failed|HTTP\/1\.[01] 407|\b407 Proxy|no_proxy|HTTPS?_PROXY/i,
    causes: { 'proxy-intercepts': 8, 'proxy-down': 2 },
  },
  {
    says: 'tells of a proxy that cannot be reached',
    errno: ['ECONNREFUSED', 'ENOTFOUND', 'ETIMEDOUT'],
    pattern: /ProxyError|Cannot connect to proxy|proxyconnect tcp/,
    causes: { 'proxy-down': 9 },
  },
  { says: 'names a VPN or tunnel', pattern: /\bVPN\b|\bWireGuard\b|\bTailscale\b|\butun\d\b/i, causes: { vpn: 5 } },
  {
    says: 'says no more than that the request failed',
    pattern:
      /TypeError: fetch failed|\bfetch failed\b|Failed to connect\b|Couldn't (?:reach|connect to) the MCP server|Connection failed\b/i,
    causes: {
      'server-not-running': 1.5,
      'wrong-port': 0.7,
      'ipv6-localhost': 0.6,
      'dns-failure': 0.4,
      'tls-unknown-ca': 0.4,
      'wrong-transport': 0.4,
    },
  },
  {
    says: 'says no more than that the request failed, in a container',
    pattern: /\bfetch failed\b|Failed to connect\b/i,
    when: { system: ['docker'] },
    causes: { 'container-network': 3 },
  },
  {
    says: 'says no more than that the request failed, to an https address',
    pattern: /https:\/\/[^\s/]*(?:\.local|\.lan|\.internal|\.test|localhost)\b/i,
    and: /fetch failed/,
    causes: { 'tls-unknown-ca': 3, 'tls-self-signed': 3, 'dns-failure': 1 },
  },
  {
    says: 'asks whether the server runs',
    pattern: /Is (?:the|your) (?:MCP )?server running\??|server is not running/i,
    causes: { 'server-not-running': 2 },
  },
  {
    says: 'names a port that browsers and fetch refuse',
    pattern: /\bbad port\b|ERR_UNSAFE_PORT/i,
    causes: { 'client-policy': 10 },
  },
];

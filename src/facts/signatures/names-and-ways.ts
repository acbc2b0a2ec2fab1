import type { Signature } from './signature.ts';

const GETADDRINFO = 'https://man7.org/linux/man-pages/man3/getaddrinfo.3.html';
const HOST_DOCKER = 'https://docs.docker.com/desktop/features/networking/';

/** Names that do not resolve, ports that are taken or forbidden, proxies and tunnels. */
export const NAMES_AND_WAYS: readonly Signature[] = [
  {
    id: 'name-not-found',
    says: 'tells of a name that does not resolve',
    source: GETADDRINFO,
    errno: ['ENOTFOUND'],
    causes: { 'dns-failure': 9, 'wrong-host': 1.5 },
  },
  {
    id: 'name-not-found-in-container',
    says: 'tells of a name that does not resolve in a container',
    source: 'https://docs.docker.com/compose/how-tos/networking/',
    pattern:
      /(?:ENOTFOUND|EAI_AGAIN|no such host|Name or service not known|failure in name resolution)[^\n]{0,40}\b[a-z][\w-]{0,80}(?::\d{1,9})?\s{0,9}(?:$|on |\n)/im,
    when: { system: ['docker'] },
    causes: { 'container-network': 3 },
  },
  {
    id: 'host-docker-internal',
    says: 'tells of a Docker host name that only containers of Docker Desktop know by themselves',
    source: HOST_DOCKER,
    pattern:
      /(?:ENOTFOUND|no such host|not resolve|not known)[^\n]{0,60}host\.docker\.internal|host\.docker\.internal[^\n]{0,60}(?:not resolve|not known|no such host)/i,
    causes: { 'wrong-host': 7, 'container-network': 5, 'dns-failure': 2 },
  },
  {
    id: 'name-server-silent',
    says: 'tells of a name server that did not answer',
    source: GETADDRINFO,
    errno: ['EAI_AGAIN'],
    causes: { 'dns-failure': 8, 'firewall-drop': 2, vpn: 1.5 },
  },
  {
    id: 'name-server-silent-in-wsl',
    says: 'tells of a name server that did not answer under WSL or in a container',
    source: 'https://learn.microsoft.com/en-us/windows/wsl/troubleshooting',
    errno: ['EAI_AGAIN'],
    when: { system: ['wsl', 'docker'] },
    causes: { 'firewall-drop': 2, 'container-network': 1.5, vpn: 1.5 },
  },
  {
    id: 'port-taken',
    says: 'says that the port is taken',
    source: 'https://man7.org/linux/man-pages/man2/bind.2.html',
    errno: ['EADDRINUSE'],
    causes: { 'port-in-use': 14 },
  },
  {
    id: 'socket-forbidden',
    says: 'tells of a socket that the system forbids',
    source: 'https://learn.microsoft.com/en-us/windows/win32/winsock/windows-sockets-error-codes-2',
    pattern:
      /WinError 10013|SocketException \(10013\)|os error 10013|access a socket in a way forbidden|\bEACCES\b[^\n]{0,60}\b(?:0\.0\.0\.0|127\.0\.0\.1|::1?):\d{1,9}|Zugriffsrechte des Sockets|permisos de acceso|autorisations d[’']accès/i,
    causes: { 'firewall-reject': 6, 'port-in-use': 5, 'permission-denied': -2 },
  },
  {
    id: 'sandbox-refuses-socket',
    says: 'tells of a connection that a sandbox forbids',
    source: 'https://man7.org/linux/man-pages/man2/connect.2.html',
    pattern:
      /\bconnect EPERM\b|connect: operation not permitted|Operation not permitted[^\n]{0,60}:\d{2,5}\b|\bsandbox(?:ed|-exec)?\b[^\n]{0,80}(?:denied|deny|refused|network)/i,
    causes: { 'firewall-reject': 8, 'permission-denied': 1 },
  },
  {
    id: 'proxy-named',
    says: 'names a proxy',
    source: 'https://everything.curl.dev/usingcurl/proxies/env.html',
    pattern:
      /proxy-agent|ProxyError|(?:connect(?:ing)? to|through) (?:the )?proxy\b|Tunnel connection failed|tunneling socket could not be established|HTTP\/1\.[01] 407|\b407 Proxy|\bno_proxy\b|\bHTTPS?_PROXY\b|\bALL_PROXY\b|ERR_TUNNEL_CONNECTION_FAILED|ERR_PROXY_CONNECTION_FAILED|ERR_CACHE_ACCESS_DENIED|X-Squid-Error/i,
    not: /Client <-> Proxy|mcp-proxy/i,
    causes: { 'proxy-intercepts': 8, 'proxy-down': 2 },
  },
  {
    id: 'proxy-unreachable',
    says: 'tells of a proxy that cannot be reached',
    source: 'https://pkg.go.dev/net/http#ProxyFromEnvironment',
    pattern:
      /ProxyError[^\n]{0,200}(?:refused|resolve|timed out|Cannot connect)|Cannot connect to proxy|proxyconnect tcp|ERR_PROXY_CONNECTION_FAILED|curl: \(5\)/i,
    causes: { 'proxy-down': 9, 'proxy-intercepts': -3 },
  },
  {
    id: 'filter-page',
    says: 'is the page of a filter or proxy in between',
    source: 'https://wiki.squid-cache.org/Features/CustomErrors',
    pattern:
      /Generated [^\n]{1,100} by [^\n]{1,100}\(squid|ERR_ACCESS_DENIED|The requested URL could not be retrieved|Zscaler|FortiGuard|Blue ?Coat|Netskope|Web Page Blocked/i,
    causes: { 'proxy-intercepts': 9 },
  },
  {
    id: 'tunnel-named',
    says: 'names a VPN or tunnel',
    source: 'https://man7.org/linux/man-pages/man8/ip-route.8.html',
    pattern: /\bVPN\b|\bWireGuard\b|\bTailscale\b|\butun\d\b|\bGlobalProtect\b|\bAnyConnect\b|\bSASE\b/i,
    causes: { vpn: 5 },
  },
  {
    id: 'filter-named',
    says: 'names a packet filter',
    source: 'https://learn.microsoft.com/en-us/windows/security/operating-system-security/network-security/windows-firewall/',
    pattern: /\bfirewall\b|\biptables\b|\bnftables\b|\bufw\b/i,
    causes: { 'firewall-drop': 4, 'firewall-reject': 3 },
  },
  {
    id: 'bad-port',
    says: 'names a port that browsers and fetch refuse',
    source: 'https://fetch.spec.whatwg.org/#port-blocking',
    pattern: /\bbad port\b|ERR_UNSAFE_PORT/i,
    causes: { 'client-policy': 10 },
  },
  {
    id: 'browser-policy',
    says: 'tells of a request that the browser refuses by its own rules',
    source: 'https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/CORS/Errors',
    pattern: /blocked by CORS|Access-Control-Allow-Origin|Mixed Content|blocked:mixed-content|Private Network Access/i,
    causes: { 'client-policy': 5, 'origin-host-rejected': 4 },
  },
];

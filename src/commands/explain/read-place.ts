import type { Hop } from '../../model/explanation.ts';
import type { Layer } from '../../model/layer.ts';
import type { Transport } from '../../model/target.ts';

/** How client and server talk, as far as the text shows it. */
export function transportIn(text: string, hasStatus: boolean): Transport | null {
  if (
    /\bSseError\b|\bSSE error\b|\bSSEClientTransport\b|https?:\/\/[^\s"']{0,200}\/sse\b|text\/event-stream" but|\bsse_client\b/i.test(text)
  )
    return 'sse';
  if (
    /\bspawn \S{1,200} E|\bstdio\b|-32000\b[^\n]{0,80}Connection closed|Server transport closed|exited (?:early|with)|\[server stderr\]|StdioClientTransport|stdio_client|\bstdin\/stdout\b/i.test(
      text,
    )
  )
    return 'stdio';
  if (hasStatus || /Streamable ?HTTP|\bPOST \/|\bfetch failed\b|https?:\/\/[^\s"']{0,200}\/mcp\b/i.test(text)) return 'http';
  return null;
}

const LAYERS: readonly (readonly [Layer, RegExp])[] = [
  ['proxy', /ProxyError|proxyconnect|\b407\b|Tunnel connection failed|tunneling socket|ERR_(?:PROXY|TUNNEL)_/],
  [
    'tls',
    /\bCERT_|certificate|\bSSL|\bTLS|\bx509: |SELF_SIGNED_CERT|UNABLE_TO_(?:GET|VERIFY)|PKIX|wrong version number|packet length too long/i,
  ],
  [
    'config',
    /(?:config|settings|\.json|\.toml)[^\n]{0,120}(?:Unexpected|invalid|parse)|unrecognized[_ ]keys?|No (?:MCP )?servers (?:configured|found)/i,
  ],
];
const BY_ERRNO: Readonly<Record<string, Layer>> = {
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  ECONNREFUSED: 'tcp',
  ECONNRESET: 'tcp',
  EPIPE: 'tcp',
  ETIMEDOUT: 'tcp',
  EHOSTUNREACH: 'tcp',
  ENETUNREACH: 'tcp',
  EADDRNOTAVAIL: 'tcp',
  EPROTO: 'tls',
  EADDRINUSE: 'process',
  ENOENT: 'process',
  EACCES: 'process',
  EPERM: 'process',
  EINVAL: 'process',
};

/** The layer on which it failed, as far as the text shows it. */
export function layerIn(text: string, errno: string | null, status: number | null): Layer | null {
  const told = LAYERS.find(([, pattern]) => pattern.test(text))?.[0];
  if (told !== undefined) return told;
  if (errno !== null) return BY_ERRNO[errno] ?? null;
  if (/tools\/list|tools\/call/.test(text)) return 'tools';
  if (status !== null) return 'http';
  if (
    /Connection closed|exited|Traceback|ModuleNotFoundError|SyntaxError|Cannot find module|is not valid JSON|npm (?:ERR!|error)/i.test(text)
  )
    return 'process';
  return /MCP error|-32\d{3}\b|protocol version|session/i.test(text) ? 'mcp' : null;
}

/** Between client and server, or behind the server: who tells of the failure. */
export function hopIn(text: string, transport: Transport | null, layer: Layer | null): Hop | null {
  if (
    /\berror connecting to (?!(?:the )?(?:MCP|server)\b)|Max retries exceeded|Error calling tool|\btools\/call\b|isError|HTTPS?ConnectionPool|(?:connect|connection) to (?:Blender|Unity|Godot|Figma|Revit|the (?:database|editor|add-?on))/i.test(
      text,
    )
  )
    return 'server-backend';
  if (
    /\bMCP server\b|MCP client for|\bSSE error\b|SseError|Streamable ?HTTP|\bspawn \S{1,200} E|Connection closed|\/(?:mcp|sse)\b|Server (?:transport|disconnected)/i.test(
      text,
    )
  )
    return 'client-server';
  // A stdio server is reached through pipes: an address in its words is one that it dials itself.
  return transport === 'stdio' && (layer === 'tcp' || layer === 'dns' || layer === 'tls') ? 'server-backend' : null;
}

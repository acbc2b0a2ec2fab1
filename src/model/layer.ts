/** The steps of the way to an MCP server, in the order in which a client meets them. */
export const LAYERS = ['config', 'process', 'dns', 'tcp', 'tls', 'proxy', 'http', 'mcp', 'tools'] as const;

/** One step of the way to a server. */
export type Layer = (typeof LAYERS)[number];

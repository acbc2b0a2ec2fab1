/** Protocol revisions with the `initialize` handshake, newest first (tags of the specification repository). */
export const LEGACY_REVISIONS = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05', '2024-10-07'] as const;

/** Protocol revisions with per-request metadata instead of a handshake, newest first. */
export const MODERN_REVISIONS = ['2026-07-28'] as const;

/** Whether some released client speaks this revision. */
export function isKnownRevision(version: string): boolean {
  return ([...LEGACY_REVISIONS, ...MODERN_REVISIONS] as string[]).includes(version);
}

/** JSON-RPC error codes that the specification gives a meaning of their own. */
export const RPC_CODES = {
  parseError: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  /** 2026-07-28: a header is missing or differs from the body. */
  headerMismatch: -32020,
  missingClientCapability: -32021,
  /** 2026-07-28: `data.supported` lists what the server speaks. */
  unsupportedProtocolVersion: -32022,
} as const;

/** Without a word from the catalogue, in milliseconds: less than the 30 s and more of the common clients (contract, section 6). */
const ASSUMED_HOLD_MS = 20_000;
/** The answer must be there before the client gives up, in milliseconds. */
const MARGIN_MS = 2_000;

/** How long a client's `initialize` may be held, in milliseconds: less than that client's own limit, so that its user sees our diagnosis. */
export async function holdFor(client: string | null): Promise<number> {
  if (client === null) return ASSUMED_HOLD_MS;
  // Null when the program was replaced by another version while it ran, and its parts are gone.
  const catalogue = await import('../../clients/by-name.ts').catch(() => null);
  const limit = catalogue?.clientByName(client)?.startup.defaultMs;
  return typeof limit === 'number' ? Math.max(MARGIN_MS / 2, limit - MARGIN_MS) : ASSUMED_HOLD_MS;
}

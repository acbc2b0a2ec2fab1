/** The platform's own fetch, which remembers how its last request ended. */
export interface WatchedFetch {
  readonly fetch: typeof globalThis.fetch;
  /** The last answer's status and `Retry-After`, or what the last request was rejected with. */
  readonly last: () => { readonly status: number | null; readonly retryAfter: string | null; readonly error: unknown };
}

/** Changes nothing about the requests: SDKs turn some errors into texts, and here their codes are kept. */
export function watchFetch(): WatchedFetch {
  let last: ReturnType<WatchedFetch['last']> = { status: null, retryAfter: null, error: null };
  return {
    last: () => last,
    async fetch(input, init) {
      try {
        const response = await fetch(input, init);
        last = { status: response.status, retryAfter: response.headers.get('retry-after'), error: null };
        return response;
      } catch (error) {
        last = { status: null, retryAfter: null, error };
        throw error;
      }
    },
  };
}

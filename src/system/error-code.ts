/** The code of an operating system's error, such as ENOENT; null for every other value. */
export function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

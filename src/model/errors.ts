/** Wrong use of a command or function: names the option or argument and its value. Printed without a stack, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  /** Stable, machine-readable: `invalid-url`, `unsupported-scheme`, `unknown-option`, `no-such-file` … */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

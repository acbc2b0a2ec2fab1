/** The forms in which runtimes say that a program is not on the PATH; the group is its name. */
const FORMS: readonly RegExp[] = [
  // Node
  /\bspawn (\S+) ENOENT\b/,
  /\bposix_spawn '([^']+)'/,
  // Bun
  /\bExecutable not found in \$PATH: "([^"]+)"/,
  // Go
  /\bexec: "([^"]+)": executable file not found in/,
  // Python
  /\[(?:Errno|WinError) 2\] [^:]*: '([^']+)'$/,
  // Shells
  /\b(?:sh|bash|zsh|env): (?:line \d+: )?(?:\d+: )?'?([\w.+-]+)'?: (?:command )?not found\b/,
  /'([^']+)' is not recognized as an internal or external command/,
];

/** The program that a line says was not found; null when it says nothing of the kind. Pure. */
export function programNotFound(line: string): string | null {
  for (const form of FORMS) {
    const [, program] = form.exec(line) ?? [];
    if (program !== undefined) return program;
  }
  return null;
}

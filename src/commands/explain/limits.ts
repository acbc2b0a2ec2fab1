/** What is read of a text, in characters: its end, where logs have what went wrong last. */
export const LONGEST_TEXT = 100_000;

/** What is read of each line, in characters: its beginning. Bounds the time that patterns take. */
export const LONGEST_LINE = 2_000;

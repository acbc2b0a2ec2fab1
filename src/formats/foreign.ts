/**
 * Text that came from elsewhere (banners, server names, command lines) may carry escape sequences that would take over
 * the reader's terminal, or marks that reverse the reading direction. These functions make such text safe to show.
 */

/** ECMA-48 control sequences and strings (CSI, OSC, DCS, PM, APC, SOS), introduced by ESC or by their 8-bit forms. */
// biome-ignore format: one alternative per line
const ESCAPE_SEQUENCES = new RegExp(
  [
    '(?:\\u001b\\[|\\u009b)[0-?]*[ -/]*[@-~]',
    '(?:\\u001b[\\]PX^_]|[\\u0090\\u0098\\u009d-\\u009f])[^\\u0007\\u001b\\u009c]*(?:\\u0007|\\u001b\\\\|\\u009c)',
  ].join('|'),
  'g',
);

const WHITE_SPACE_CONTROLS = new RegExp('[\\t\\n\\v\\f\\r\\u0085\\u2028\\u2029]+', 'g');

/** C0, DEL, C1 and the marks that change the direction of text (Unicode TR36, 3.3). */
const INVISIBLE = new RegExp('[\\u0000-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]', 'g');

function visible(character: string): string {
  const code = character.charCodeAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** One line of prose: escape sequences dropped, line breaks and tabs as spaces, other control characters made visible. */
export function printable(text: string): string {
  return text.replace(ESCAPE_SEQUENCES, '').replace(WHITE_SPACE_CONTROLS, ' ').replace(INVISIBLE, visible).trim();
}

/** Text somebody may paste into a shell: nothing dropped, every control character made visible, so that it cannot act by itself. */
export function copyable(text: string): string {
  return text.replace(INVISIBLE, visible);
}

/** Escapes in JSON strings what `JSON.stringify` leaves as it is although a terminal may act on it. */
export function escapeJson(json: string): string {
  return json.replace(/[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

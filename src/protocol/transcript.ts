/** What a conversation as a text has in common, whoever writes it. */

/** Whatever a program may take for the end of a line (Unicode, UAX #14, classes BK, CR, LF and NL). */
const END = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/g;

/** What was said stands two spaces in, so that nobody can write what reads as a line of somebody else's. */
export function setIn(text: string): string {
  return `  ${text.replaceAll(END, '$&  ')}`;
}

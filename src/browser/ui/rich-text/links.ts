/** Addresses in a text. Only http and https become links, and none can pass for another host. */

export interface Link {
  readonly is: 'link';
  /** As it stands in the text. */
  readonly text: string;
  readonly href: string;
  /** The host as the network knows it, where that is not what the text shows. */
  readonly host: string | null;
}

const longest = 2_048;
/** Ends at what separates words and at characters that are not seen, such as changes of direction. */
export const address = /(?<![\p{L}\p{N}])https?:\/\/[^\s<>"`\p{Cc}\p{Cf}]+/iu;
const closing = new Set(".,:;!?'*_~]}…");

/** The link at the start of what `address` has found; null if it leads nowhere, or hides where. */
export function linkOf(found: string): Link | null {
  const text = withoutClosing(found);
  if (text.length > longest || !URL.canParse(text)) return null;
  const { protocol, username, password, host, href } = new URL(text);
  // `https://bank.example@elsewhere.example` reads as one host and leads to another.
  if (!/^https?:$/.test(protocol) || username !== '' || password !== '') return null;
  const shown = text.split(/[/?#\\]/, 3)[2]?.toLowerCase() ?? '';
  return { is: 'link', text, href, host: shown === host || shown.startsWith(`${host}:`) ? null : host };
}

/** What ends a sentence, and a bracket that was opened before the address, is not of the address. */
function withoutClosing(found: string): string {
  let surplus = found.split(')').length - found.split('(').length;
  let end = found.length;
  for (; end > 0; end--) {
    const last = found.charAt(end - 1);
    if (last === ')' && surplus > 0) surplus--;
    else if (!closing.has(last)) break;
  }
  return found.slice(0, end);
}

/** Whether bytes that should be sealed can be read. */

/** As many in a row do not come about by chance: of random bytes, one in three is such a letter. */
const run = 24;
/** Below so many bytes chance decides how often each comes. */
const least = 1_024;
const evenBits = 7;

/** Why these bytes are not what sealing makes of something; undefined: they may well be. */
export function whyReadable(bytes: Uint8Array): 'text' | 'pattern' | undefined {
  if (longestText(bytes) >= run) return 'text';
  return bytes.length >= least && bitsPerByte(bytes) < evenBits ? 'pattern' : undefined;
}

/** The longest stretch of letters, digits and signs as people write them, in ASCII or UTF-16. */
function longestText(bytes: Uint8Array): number {
  let [longest, here] = [0, 0];
  for (const [index, byte] of bytes.entries()) {
    const isLetter = (byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x0d;
    const isBetween = byte === 0 && here > 0 && bytes[index - 1] !== 0;
    if (isLetter) here += 1;
    else if (!isBetween) here = 0;
    longest = Math.max(longest, here);
  }
  return longest;
}

/** Shannon's entropy: 8 where every byte comes as often as every other. */
export function bitsPerByte(bytes: Uint8Array): number {
  const counts = new Uint32Array(256);
  for (const byte of bytes) counts[byte] = (counts[byte] ?? 0) + 1;
  return counts.reduce((bits, count) => {
    const share = count / bytes.length;
    return share === 0 ? bits : bits - share * Math.log2(share);
  }, 0);
}

/**
 * Secrets that are known by their form, wherever they stand. Each form begins with a fixed text, or where a run of its
 * own letters begins, and has no two repetitions that could share what they match, so that no text makes it slow.
 * Where only a part of it is the secret, that is its `value`, with which it ends.
 */

/** The line that a private key begins with: OpenSSH, PKCS #1 and #8, PGP. */
export const privateKey = /----[- ]BEGIN (?:[A-Z0-9]{1,16} ){0,3}PRIVATE KEY/;
/** `user:password@` in an address. */
export const password = /\b[a-z][a-z0-9+]{1,20}:\/\/[^\s:@/"'•]{0,99}:(?<value>[^\s:@/"'•]{3,199})(?=@)/;
/** Whoever has one of these is signed in. */
export const tokens = [
  /(?<![\w-])eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/,
  /\b(?:Proxy-)?Authorization["']?[:=]\s{0,9}["']?(?:Bearer|Basic|Token) (?<value>[\w+/=.~-]{12,})/i,
  /(?<![A-Za-z0-9])(?:gh[opsur]_[A-Za-z0-9]{36,}|github_pat_\w{22,}|glpat-[\w-]{20,}|npm_[A-Za-z0-9]{36,}|xox[abeoprs]-[\w-]{10,}|xapp-[\w-]{20,})/,
] as const;
/** Keys of clouds and of paid services. */
export const cloudKeys = [
  /(?<![A-Z0-9])A(?:KI|SI)A[A-Z2-7]{16}(?![A-Z0-9])/,
  /\bAccountKey=(?<value>[\w+/]{20,}={0,2})/,
  /(?<![\w-])AIza[\w-]{35}/,
  /(?<![A-Za-z0-9])[rs]k_live_[A-Za-z0-9]{16,}/,
] as const;

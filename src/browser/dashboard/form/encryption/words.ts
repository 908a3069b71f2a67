/** What is said where something can be encrypted before it leaves Sotto. */
export const words = {
  encrypt: 'Encrypt it with OpenPGP',
  opens: 'Whoever has the secret key opens it, and nobody else.',
  key: 'To this public key',
  keyHint: 'From “BEGIN PGP PUBLIC KEY BLOCK” on. Empty: to the key of your organisation.',
};

-- Passkeys of staff (WebAuthn). `id` is the credential's, in base64url; the public key is no secret; the name that
-- its person gave it is sealed under their key. `counter` is the authenticator's own count of uses.
CREATE TABLE passkeys (
  id TEXT PRIMARY KEY,
  person TEXT NOT NULL REFERENCES people (id),
  public_key BLOB NOT NULL,
  counter INTEGER NOT NULL,
  transports TEXT NOT NULL CHECK (json_valid(transports)),
  name BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT;
CREATE INDEX passkeys_person ON passkeys (person);

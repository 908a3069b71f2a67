-- The keys by which a site vouches for its customers: at most two, so that one can take the other's place. A public key
-- is a JWK and no secret; a shared secret is sealed under the pepper key.
CREATE TABLE site_keys (
  id TEXT PRIMARY KEY,
  site TEXT NOT NULL REFERENCES sites (id),
  alg TEXT NOT NULL CHECK (alg IN ('EdDSA', 'ES256', 'RS256', 'HS256')),
  public_key TEXT CHECK (json_valid(public_key)),
  secret BLOB,
  created_at INTEGER NOT NULL,
  CHECK ((public_key IS NULL) <> (secret IS NULL))
) STRICT;
CREATE INDEX site_keys_site ON site_keys (site);

-- Visitors of whom somebody has proved who they are. What was proved is sealed under the visitor's own key; `lookup` is
-- a keyed hash of the address.
CREATE TABLE visitors (
  id TEXT PRIMARY KEY,
  site TEXT NOT NULL REFERENCES sites (id),
  key BLOB NOT NULL,
  name BLOB,
  address BLOB,
  lookup BLOB,
  created_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL
) STRICT;
CREATE INDEX visitors_lookup ON visitors (lookup);

-- Browsers that are such a visitor, by the keyed hash of the secret in their cookie. A site's key that is removed takes
-- with it whom it vouched for.
CREATE TABLE visitor_holds (
  hold BLOB PRIMARY KEY,
  visitor TEXT NOT NULL REFERENCES visitors (id),
  key TEXT NOT NULL REFERENCES site_keys (id) ON DELETE CASCADE,
  until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX visitor_holds_key ON visitor_holds (key);
CREATE INDEX visitor_holds_until ON visitor_holds (until);

-- Tokens of sites that were used, by a keyed hash of their `jti`, and the browser that each serves until it runs out.
CREATE TABLE vouches (
  token BLOB PRIMARY KEY,
  hold BLOB NOT NULL,
  until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX vouches_until ON vouches (until);

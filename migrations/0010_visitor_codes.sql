-- Who answers for what is known of a visitor: their site, or a code that was mailed to their address and given back.
ALTER TABLE visitors ADD COLUMN how TEXT NOT NULL DEFAULT 'site' CHECK (how IN ('site', 'code'));

-- A browser holds a visitor by a key of the site that vouched for them, or since an address was proved in it.
CREATE TABLE visitor_holds_anew (
  hold BLOB PRIMARY KEY,
  visitor TEXT NOT NULL REFERENCES visitors (id),
  key TEXT REFERENCES site_keys (id) ON DELETE CASCADE,
  proved_at INTEGER,
  until INTEGER NOT NULL,
  CHECK ((key IS NULL) <> (proved_at IS NULL))
) STRICT, WITHOUT ROWID;
INSERT INTO visitor_holds_anew (hold, visitor, key, until) SELECT hold, visitor, key, until FROM visitor_holds;
DROP TABLE visitor_holds;
ALTER TABLE visitor_holds_anew RENAME TO visitor_holds;
CREATE INDEX visitor_holds_key ON visitor_holds (key);
CREATE INDEX visitor_holds_until ON visitor_holds (until);

-- Codes that visitors asked for within a week: `address` and `code` are keyed hashes, and so is `network`, which goes
-- after an hour. The newest of an asker is good, until it is used; a code that was not mailed is one that nobody knows.
CREATE TABLE visitor_codes (
  id INTEGER PRIMARY KEY,
  asker TEXT NOT NULL,
  site TEXT NOT NULL,
  wish TEXT NOT NULL CHECK (wish IN ('prove', 'continue')),
  address BLOB NOT NULL,
  network BLOB,
  code BLOB,
  tries INTEGER NOT NULL DEFAULT 0,
  asked_at INTEGER NOT NULL,
  mailed_at INTEGER
) STRICT;
CREATE INDEX visitor_codes_asker ON visitor_codes (asker);
CREATE INDEX visitor_codes_network ON visitor_codes (network) WHERE network IS NOT NULL;
CREATE INDEX visitor_codes_address ON visitor_codes (address) WHERE mailed_at IS NOT NULL;
CREATE INDEX visitor_codes_site ON visitor_codes (site, mailed_at) WHERE mailed_at IS NOT NULL;
CREATE INDEX visitor_codes_asked_at ON visitor_codes (asked_at);

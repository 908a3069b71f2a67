-- Visitors whom nobody is any more by the secret that they began with: their browser has given back a code, and holds
-- somebody by a new one.
CREATE TABLE spent_secrets (
  visitor TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
INSERT INTO spent_secrets SELECT id FROM visitors WHERE how = 'code' AND lookup IS NOT NULL;

-- What a site is asked for within an hour counts, whether or not it was mailed, for each wish by itself.
DROP INDEX visitor_codes_site;
CREATE INDEX visitor_codes_site ON visitor_codes (site, wish, asked_at);
-- Mails to one address are counted on each site by itself.
DROP INDEX visitor_codes_address;
CREATE INDEX visitor_codes_address ON visitor_codes (site, address) WHERE mailed_at IS NOT NULL;

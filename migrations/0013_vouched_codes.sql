-- Who answers for a visitor's address. It need not be who answers for the visitor: where a site names no address of whom
-- it vouches for, they may have proved one by a code.
ALTER TABLE visitors ADD COLUMN address_by TEXT CHECK (address_by IN ('site', 'code'));
UPDATE visitors SET address_by = how WHERE address IS NOT NULL;

-- Also in a browser that holds whom a site vouches for an address may have been proved.
CREATE TABLE visitor_holds_anew (
  hold BLOB PRIMARY KEY,
  visitor TEXT NOT NULL REFERENCES visitors (id),
  key TEXT REFERENCES site_keys (id) ON DELETE CASCADE,
  proved_at INTEGER,
  until INTEGER NOT NULL,
  CHECK (key IS NOT NULL OR proved_at IS NOT NULL)
) STRICT, WITHOUT ROWID;
INSERT INTO visitor_holds_anew SELECT hold, visitor, key, proved_at, until FROM visitor_holds;
DROP TABLE visitor_holds;
ALTER TABLE visitor_holds_anew RENAME TO visitor_holds;
CREATE INDEX visitor_holds_visitor ON visitor_holds (visitor);
CREATE INDEX visitor_holds_key ON visitor_holds (key);
CREATE INDEX visitor_holds_until ON visitor_holds (until);

-- Who could read the mail of one address has not shown that they can read another's.
CREATE TRIGGER visitors_with_another_address AFTER UPDATE OF lookup ON visitors WHEN NEW.lookup IS NOT OLD.lookup
BEGIN UPDATE visitor_holds SET proved_at = NULL WHERE visitor = NEW.id AND key IS NOT NULL; END;

-- How often a key may have sealed, counted ahead. What was sealed before this was not counted: a million is more than any
-- deployment has.
ALTER TABLE keys ADD COLUMN uses INTEGER NOT NULL DEFAULT 0;
UPDATE keys SET uses = 1000000 WHERE purpose IN ('data', 'pepper');

-- What still lies under a retired key because it could not be wrapped anew.
CREATE TABLE unmoved (
  key INTEGER NOT NULL,
  holder TEXT NOT NULL,
  thing TEXT NOT NULL,
  PRIMARY KEY (key, holder, thing)
) STRICT, WITHOUT ROWID;

-- How much is sent within a day (UTC), by each visitor in all their conversations together, and from each network (its keyed
-- hash). Older days are forgotten.
CREATE TABLE uploads (
  sender TEXT NOT NULL,
  day INTEGER NOT NULL,
  files INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY (sender, day)
) STRICT, WITHOUT ROWID;
CREATE INDEX uploads_day ON uploads (day);

-- How much a visitor sends within a day (UTC), in all their conversations together. Older days are forgotten.
CREATE TABLE visitor_uploads (
  visitor TEXT NOT NULL,
  day INTEGER NOT NULL,
  files INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY (visitor, day)
) STRICT, WITHOUT ROWID;
CREATE INDEX visitor_uploads_day ON visitor_uploads (day);

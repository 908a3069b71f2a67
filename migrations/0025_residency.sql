-- In which jurisdiction everything lies; '' means wherever Cloudflare puts it. It is settled by the first request, and
-- where there is somebody already, it was none.
CREATE TABLE residency (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  jurisdiction TEXT NOT NULL,
  since INTEGER NOT NULL
) STRICT;
INSERT INTO residency SELECT 1, '', unixepoch() * 1000 WHERE EXISTS (SELECT 1 FROM people);

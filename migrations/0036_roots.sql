-- Since when a root is in use stands in `roots` alone from here on, and a restore puts it there. One of before has noted when
-- it was seen again: until now the ledger was asked when Sotto went over to it, or, of the first of all, its oldest key.
UPDATE roots SET seen_at = MIN(seen_at, IFNULL(
  (SELECT MIN(at) FROM ledger WHERE action = 'keys.adopt' AND leaf ->> '$.facts.root' = roots.root),
  IFNULL((SELECT MIN(created_at) FROM keys, ledger_archive WHERE keys.root = roots.root AND before = 0), seen_at)));

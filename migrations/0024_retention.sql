-- What of the register went because its time was over, of which site: from it, it is told what each day has deleted.
-- Null: somebody asked for it. Keys of the ledger's details are of no site, and stand here as their person and month.
ALTER TABLE erased ADD COLUMN site TEXT;
ALTER TABLE erased ADD COLUMN kind TEXT CHECK (kind IN ('conversations', 'files', 'visitors', 'details'));
CREATE INDEX erased_over ON erased (at) WHERE kind IS NOT NULL;
CREATE INDEX visitors_seen ON visitors (site, seen_at);
CREATE INDEX ledger_keys_month ON ledger_keys (month);

-- Whose data are restricted (GDPR, article 18): what they began until `since` is kept, and nothing else is done with it.
-- `by` may be somebody whom a restore did not bring back. One that was lifted stays for as long as a conversation may not have heard of it.
CREATE TABLE restrictions (
  visitor TEXT PRIMARY KEY,
  since INTEGER NOT NULL,
  by TEXT NOT NULL,
  lifted_at INTEGER
) STRICT, WITHOUT ROWID;

-- What is personal in an entry may be sealed anew: its leaf, which holds the digest of it, never changes, and no entry
-- gets or loses any.
DROP TRIGGER ledger_never_changes;
CREATE TRIGGER ledger_never_changes BEFORE UPDATE ON ledger
WHEN NEW.seq <> OLD.seq OR NEW.leaf <> OLD.leaf OR (NEW.details IS NULL) <> (OLD.details IS NULL)
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

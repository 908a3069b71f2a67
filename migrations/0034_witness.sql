-- What the ledger's witness was not sent yet. All null: they have the newest head that was due. Nullable, so that a row of an
-- older backup fits.
-- Since when no head could be sent, and when it is tried again, in Unix milliseconds; `due` null: with the next night.
ALTER TABLE ledger_witness ADD COLUMN unsent_since INTEGER;
ALTER TABLE ledger_witness ADD COLUMN tries INTEGER;
ALTER TABLE ledger_witness ADD COLUMN due INTEGER;

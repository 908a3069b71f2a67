-- What the directory is told of a conversation besides: whether a legal hold is on it, and when the first of its files is
-- over, in Unix milliseconds; null: it has none that is there. A line whose `held` is null was told before there was this,
-- and its conversation is asked in the next night.
ALTER TABLE conversations ADD COLUMN held INTEGER;
ALTER TABLE conversations ADD COLUMN files_due INTEGER;
CREATE INDEX conversations_files_due ON conversations (files_due) WHERE files_due IS NOT NULL;
CREATE INDEX conversations_not_told ON conversations (id) WHERE held IS NULL;
-- By whose they are, what is personal in the ledger is found without reading a month for each of them.
CREATE INDEX ledger_details ON ledger (leaf ->> '$.details.of', at) WHERE details IS NOT NULL;

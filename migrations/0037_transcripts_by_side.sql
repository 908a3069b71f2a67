-- When a conversation was mailed last for its customer, and when for staff, for some minutes. What was there lasted no longer.
DROP TABLE transcripts;
CREATE TABLE transcripts (
  conversation TEXT NOT NULL,
  side TEXT NOT NULL CHECK (side IN ('visitor', 'staff')),
  sent_at INTEGER NOT NULL,
  PRIMARY KEY (conversation, side)
) STRICT, WITHOUT ROWID;

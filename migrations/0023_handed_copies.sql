-- A copy that was handed to its person with the answer to their request: it is theirs to open from then on.
ALTER TABLE requests ADD COLUMN copy TEXT;
CREATE INDEX requests_copy ON requests (copy) WHERE copy IS NOT NULL;

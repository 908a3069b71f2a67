-- Of a person: they were disabled besides while they were locked, and stay so once they are not.
ALTER TABLE containment ADD COLUMN disabled INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1));

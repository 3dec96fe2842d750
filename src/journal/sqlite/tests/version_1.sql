-- A journal as the first version left it: one cancellation that is followed, one that has ended.
BEGIN TRANSACTION;
CREATE TABLE cancellations (
  serial      INTEGER PRIMARY KEY AUTOINCREMENT,
  id          TEXT NOT NULL UNIQUE,
  profile     TEXT NOT NULL,
  origin      TEXT NOT NULL,
  publisher   TEXT NOT NULL,
  offer       TEXT NOT NULL,
  binding     TEXT NOT NULL,
  user        TEXT NOT NULL,
  host        TEXT NOT NULL,
  claimed_at  TEXT NOT NULL,
  verdict     TEXT,
  is_open     INTEGER NOT NULL CHECK (is_open IN (0, 1)),
  holds_claim INTEGER NOT NULL CHECK (holds_claim IN (0, is_open))
) STRICT;
INSERT INTO "cancellations" VALUES(1,'0e01fa779f56c6b8','prod','https://cloudpartner.azure.com','contoso','contoso-vm','operation 5a63deb5-0000-1000-0000-000000000000','ada','jump','1970-01-01T00:00:00Z','pending',1,1);
INSERT INTO "cancellations" VALUES(2,'5623f314668bf889','prod','https://cloudpartner.azure.com','contoso','contoso-app','operation 5a63deb5-0000-1000-0000-000000000000','ada','jump','1970-01-01T00:00:00Z','nothing_running',0,0);
CREATE TABLE facts (
  number       INTEGER PRIMARY KEY AUTOINCREMENT,
  cancellation TEXT NOT NULL REFERENCES cancellations (id),
  at           TEXT NOT NULL,
  fact         TEXT NOT NULL CHECK (json_valid(fact))
) STRICT;
INSERT INTO "facts" VALUES(1,'0e01fa779f56c6b8','1970-01-01T00:00:00Z','{"fact":"claimed","request":{"target":{"origin":"https://cloudpartner.azure.com","publisher":"contoso","offer":"contoso-vm","binding":{"operation":"5a63deb5-0000-1000-0000-000000000000"}},"profile":"prod","shown":{"kind":"publish","destination":"preview","state":"running","step":null,"changed_at":null},"notify":[],"again_of":null},"by":{"user":"ada","host":"jump","pid":7,"started":"1"}}');
INSERT INTO "facts" VALUES(2,'0e01fa779f56c6b8','1970-01-01T00:00:00Z','{"fact":"sending","attempt":1,"by":{"user":"ada","host":"jump","pid":7,"started":"1"}}');
INSERT INTO "facts" VALUES(3,'0e01fa779f56c6b8','1970-01-01T00:00:00Z','{"fact":"answered","status":202,"location":null,"correlation_id":"c-1","retry_after":{"secs":3,"nanos":0},"error":null}');
INSERT INTO "facts" VALUES(4,'0e01fa779f56c6b8','1970-01-01T00:00:00Z','{"fact":"observed","state":"running","via":"operation"}');
INSERT INTO "facts" VALUES(5,'0e01fa779f56c6b8','1970-01-01T00:00:00Z','{"fact":"settled","verdict":"pending","evidence":null,"target_state":null,"also_canceled":[],"error":null,"cause":"other","polls":0}');
INSERT INTO "facts" VALUES(6,'5623f314668bf889','1970-01-01T00:00:00Z','{"fact":"claimed","request":{"target":{"origin":"https://cloudpartner.azure.com","publisher":"contoso","offer":"contoso-app","binding":{"operation":"5a63deb5-0000-1000-0000-000000000000"}},"profile":"prod","shown":{"kind":"publish","destination":"preview","state":"running","step":null,"changed_at":null},"notify":[],"again_of":null},"by":{"user":"ada","host":"jump","pid":7,"started":"1"}}');
INSERT INTO "facts" VALUES(7,'5623f314668bf889','1970-01-01T00:00:00Z','{"fact":"settled","verdict":"nothing_running","evidence":null,"target_state":null,"also_canceled":[],"error":null,"cause":"other","polls":0}');
CREATE UNIQUE INDEX one_claim_a_target ON cancellations (origin, publisher, offer, binding) WHERE holds_claim = 1;
CREATE INDEX open_cancellations ON cancellations (origin, publisher) WHERE is_open = 1;
CREATE INDEX facts_of_a_cancellation ON facts (cancellation, number);
CREATE TRIGGER facts_stay BEFORE DELETE ON facts BEGIN SELECT RAISE(ABORT, 'a fact is never removed'); END;
CREATE TRIGGER facts_stand BEFORE UPDATE ON facts BEGIN SELECT RAISE(ABORT, 'a fact is never changed'); END;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('cancellations',2);
INSERT INTO "sqlite_sequence" VALUES('facts',7);
PRAGMA application_id = 0x434D4E44;
PRAGMA user_version = 1;
COMMIT;

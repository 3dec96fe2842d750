-- A journal as the second version left it: an answer of every kind, without what it meant.
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
, newest INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO "cancellations" VALUES(1,'0000000000000001','prod','https://cloudpartner.azure.com','contoso','canceled-200','operation 00000001-0000-1000-0000-000000000000','ada','jump','1970-01-01T00:00:00Z','canceled',0,0,6);
INSERT INTO "cancellations" VALUES(2,'0000000000000002','prod','https://cloudpartner.azure.com','contoso','canceled-202','operation 00000002-0000-1000-0000-000000000000','ada','jump','1970-01-01T00:00:00Z','canceled',0,0,14);
INSERT INTO "cancellations" VALUES(3,'0000000000000003','prod','https://cloudpartner.azure.com','contoso','pending-204','operation 00000003-0000-1000-0000-000000000000','ada','jump','1970-01-01T00:00:00Z','pending',1,1,20);
INSERT INTO "cancellations" VALUES(4,'0000000000000004','prod','https://cloudpartner.azure.com','contoso','refused-404','operation 00000004-0000-1000-0000-000000000000','ada','jump','1970-01-01T00:00:00Z','refused',0,0,26);
INSERT INTO "cancellations" VALUES(5,'0000000000000005','prod','https://cloudpartner.azure.com','contoso','refused-409','operation 00000005-0000-1000-0000-000000000000','ada','jump','1970-01-01T00:00:00Z','refused',0,0,32);
INSERT INTO "cancellations" VALUES(6,'0000000000000006','prod','https://cloudpartner.azure.com','contoso','uncertain-500','operation 00000006-0000-1000-0000-000000000000','ada','jump','1970-01-01T00:00:00Z','unknown',1,1,37);
INSERT INTO "cancellations" VALUES(7,'0000000000000007','prod','https://cloudpartner.azure.com','contoso','uncertain-408','operation 00000007-0000-1000-0000-000000000000','ada','jump','1970-01-01T00:00:00Z',NULL,1,1,41);
INSERT INTO "cancellations" VALUES(8,'0000000000000008','prod','https://cloudpartner.azure.com','contoso','uncertain-307','operation 00000008-0000-1000-0000-000000000000','ada','jump','1970-01-01T00:00:00Z',NULL,1,1,45);
INSERT INTO "cancellations" VALUES(9,'0000000000000009','prod','https://cloudpartner.azure.com','contoso','throttled-429','operation 00000009-0000-1000-0000-000000000000','ada','jump','1970-01-01T00:00:00Z',NULL,1,1,49);
INSERT INTO "cancellations" VALUES(10,'000000000000000a','prod','https://cloudpartner.azure.com','contoso','sign-in-401','operation 0000000a-0000-1000-0000-000000000000','ada','jump','1970-01-01T00:00:00Z','not_sent',0,0,54);
INSERT INTO "cancellations" VALUES(11,'000000000000000b','prod','https://cloudpartner.azure.com','contoso','stranger-200','operation 0000000b-0000-1000-0000-000000000000','ada','jump','1970-01-01T00:00:00Z',NULL,1,1,58);
INSERT INTO "cancellations" VALUES(12,'000000000000000c','prod','https://cloudpartner.azure.com','contoso','stranger-403','operation 0000000c-0000-1000-0000-000000000000','ada','jump','1970-01-01T00:00:00Z',NULL,1,1,62);
INSERT INTO "cancellations" VALUES(13,'000000000000000d','prod','https://cloudpartner.azure.com','contoso','finished-first','operation 0000000d-0000-1000-0000-000000000000','ada','jump','1970-01-01T00:00:00Z','finished_first',0,0,68);
INSERT INTO "cancellations" VALUES(14,'000000000000000e','prod','https://cloudpartner.azure.com','contoso','by-answer','operation 0000000e-0000-1000-0000-000000000000','ada','jump','1970-01-01T00:00:00Z','canceled',1,1,73);
INSERT INTO "cancellations" VALUES(15,'000000000000000f','prod','https://cloudpartner.azure.com','contoso','lost','operation 0000000f-0000-1000-0000-000000000000','ada','jump','1970-01-01T00:00:00Z',NULL,1,1,78);
CREATE TABLE facts (
  number       INTEGER PRIMARY KEY AUTOINCREMENT,
  cancellation TEXT NOT NULL REFERENCES cancellations (id),
  at           TEXT NOT NULL,
  fact         TEXT NOT NULL CHECK (json_valid(fact))
) STRICT;
INSERT INTO "facts" VALUES(1,'0000000000000001','1970-01-01T00:00:00Z','{"fact":"claimed","request":{"target":{"origin":"https://cloudpartner.azure.com","publisher":"contoso","offer":"canceled-200","binding":{"operation":"00000001-0000-1000-0000-000000000000"}},"profile":"prod","shown":{"kind":"publish","destination":"preview","state":"running","step":null,"changed_at":null},"notify":[],"again_of":null},"by":{"user":"ada","host":"jump","pid":7,"started":"1"}}');
INSERT INTO "facts" VALUES(2,'0000000000000001','1970-01-01T00:00:00Z','{"fact":"looked","state":"In Progress","cancel_state":"can_cancel","others_active":[],"canceled_before":[]}');
INSERT INTO "facts" VALUES(3,'0000000000000001','1970-01-01T00:00:00Z','{"fact":"sending","attempt":1,"by":{"user":"ada","host":"jump","pid":7,"started":"1"}}');
INSERT INTO "facts" VALUES(4,'0000000000000001','1970-01-01T00:00:00Z','{"fact":"answered","status":200,"location":null,"correlation_id":"c-1","retry_after":null,"error":null}');
INSERT INTO "facts" VALUES(5,'0000000000000001','1970-01-01T00:00:00Z','{"fact":"observed","state":"Canceled","via":"operation"}');
INSERT INTO "facts" VALUES(6,'0000000000000001','1970-01-01T00:00:00Z','{"fact":"settled","verdict":"canceled","evidence":"observed","target_state":"Canceled","also_canceled":[],"error":null,"cause":"other","polls":2}');
INSERT INTO "facts" VALUES(7,'0000000000000002','1970-01-01T00:00:00Z','{"fact":"claimed","request":{"target":{"origin":"https://cloudpartner.azure.com","publisher":"contoso","offer":"canceled-202","binding":{"operation":"00000002-0000-1000-0000-000000000000"}},"profile":"prod","shown":{"kind":"publish","destination":"preview","state":"running","step":null,"changed_at":null},"notify":[],"again_of":null},"by":{"user":"ada","host":"jump","pid":7,"started":"1"}}');
INSERT INTO "facts" VALUES(8,'0000000000000002','1970-01-01T00:00:00Z','{"fact":"looked","state":"In Progress","cancel_state":"can_cancel","others_active":[],"canceled_before":[]}');
INSERT INTO "facts" VALUES(9,'0000000000000002','1970-01-01T00:00:00Z','{"fact":"sending","attempt":1,"by":{"user":"ada","host":"jump","pid":7,"started":"1"}}');
INSERT INTO "facts" VALUES(10,'0000000000000002','1970-01-01T00:00:00Z','{"fact":"answered","status":202,"location":{"shown":"/as/it/came","way":{"operation":"77"}},"correlation_id":"c-1","retry_after":{"secs":3,"nanos":0},"error":null}');
INSERT INTO "facts" VALUES(11,'0000000000000002','1970-01-01T00:00:00Z','{"fact":"observed","state":"running","via":"location"}');
INSERT INTO "facts" VALUES(12,'0000000000000002','1970-01-01T00:00:00Z','{"fact":"observed","state":"waitingForPublisherReview","via":"operation"}');
INSERT INTO "facts" VALUES(13,'0000000000000002','1970-01-01T00:00:00Z','{"fact":"observed","state":"CANCELLED","via":"submissions"}');
INSERT INTO "facts" VALUES(14,'0000000000000002','1970-01-01T00:00:00Z','{"fact":"settled","verdict":"canceled","evidence":"observed","target_state":"CANCELLED","also_canceled":[],"error":null,"cause":"other","polls":2}');
INSERT INTO "facts" VALUES(15,'0000000000000003','1970-01-01T00:00:00Z','{"fact":"claimed","request":{"target":{"origin":"https://cloudpartner.azure.com","publisher":"contoso","offer":"pending-204","binding":{"operation":"00000003-0000-1000-0000-000000000000"}},"profile":"prod","shown":{"kind":"publish","destination":"preview","state":"running","step":null,"changed_at":null},"notify":[],"again_of":null},"by":{"user":"ada","host":"jump","pid":7,"started":"1"}}');
INSERT INTO "facts" VALUES(16,'0000000000000003','1970-01-01T00:00:00Z','{"fact":"looked","state":"In Progress","cancel_state":"can_cancel","others_active":[],"canceled_before":[]}');
INSERT INTO "facts" VALUES(17,'0000000000000003','1970-01-01T00:00:00Z','{"fact":"sending","attempt":1,"by":{"user":"ada","host":"jump","pid":7,"started":"1"}}');
INSERT INTO "facts" VALUES(18,'0000000000000003','1970-01-01T00:00:00Z','{"fact":"answered","status":204,"location":{"shown":"/as/it/came","way":{"legacy":{"number":"2","slot":"preview"}}},"correlation_id":"c-1","retry_after":null,"error":null}');
INSERT INTO "facts" VALUES(19,'0000000000000003','1970-01-01T00:00:00Z','{"fact":"observed","state":"quantum","via":"operation"}');
INSERT INTO "facts" VALUES(20,'0000000000000003','1970-01-01T00:00:00Z','{"fact":"settled","verdict":"pending","evidence":null,"target_state":"quantum","also_canceled":[],"error":null,"cause":"other","polls":2}');
INSERT INTO "facts" VALUES(21,'0000000000000004','1970-01-01T00:00:00Z','{"fact":"claimed","request":{"target":{"origin":"https://cloudpartner.azure.com","publisher":"contoso","offer":"refused-404","binding":{"operation":"00000004-0000-1000-0000-000000000000"}},"profile":"prod","shown":{"kind":"publish","destination":"preview","state":"running","step":null,"changed_at":null},"notify":[],"again_of":null},"by":{"user":"ada","host":"jump","pid":7,"started":"1"}}');
INSERT INTO "facts" VALUES(22,'0000000000000004','1970-01-01T00:00:00Z','{"fact":"looked","state":"In Progress","cancel_state":"can_cancel","others_active":[],"canceled_before":[]}');
INSERT INTO "facts" VALUES(23,'0000000000000004','1970-01-01T00:00:00Z','{"fact":"sending","attempt":1,"by":{"user":"ada","host":"jump","pid":7,"started":"1"}}');
INSERT INTO "facts" VALUES(24,'0000000000000004','1970-01-01T00:00:00Z','{"fact":"answered","status":404,"location":null,"correlation_id":"c-1","retry_after":null,"error":"no such offer"}');
INSERT INTO "facts" VALUES(25,'0000000000000004','1970-01-01T00:00:00Z','{"fact":"observed","state":"running","via":"operation"}');
INSERT INTO "facts" VALUES(26,'0000000000000004','1970-01-01T00:00:00Z','{"fact":"settled","verdict":"refused","evidence":"observed","target_state":"running","also_canceled":[],"error":null,"cause":"other","polls":2}');
INSERT INTO "facts" VALUES(27,'0000000000000005','1970-01-01T00:00:00Z','{"fact":"claimed","request":{"target":{"origin":"https://cloudpartner.azure.com","publisher":"contoso","offer":"refused-409","binding":{"operation":"00000005-0000-1000-0000-000000000000"}},"profile":"prod","shown":{"kind":"publish","destination":"preview","state":"running","step":null,"changed_at":null},"notify":[],"again_of":null},"by":{"user":"ada","host":"jump","pid":7,"started":"1"}}');
INSERT INTO "facts" VALUES(28,'0000000000000005','1970-01-01T00:00:00Z','{"fact":"looked","state":"In Progress","cancel_state":"can_cancel","others_active":[],"canceled_before":[]}');
INSERT INTO "facts" VALUES(29,'0000000000000005','1970-01-01T00:00:00Z','{"fact":"sending","attempt":1,"by":{"user":"ada","host":"jump","pid":7,"started":"1"}}');
INSERT INTO "facts" VALUES(30,'0000000000000005','1970-01-01T00:00:00Z','{"fact":"answered","status":409,"location":{"shown":"/as/it/came","way":{"inert":"other_origin"}},"correlation_id":"c-1","retry_after":null,"error":"too late"}');
INSERT INTO "facts" VALUES(31,'0000000000000005','1970-01-01T00:00:00Z','{"fact":"observed","state":"running","via":"operation"}');
INSERT INTO "facts" VALUES(32,'0000000000000005','1970-01-01T00:00:00Z','{"fact":"settled","verdict":"refused","evidence":"observed","target_state":"running","also_canceled":[],"error":"the service answered 409: too late","cause":"other","polls":2}');
INSERT INTO "facts" VALUES(33,'0000000000000006','1970-01-01T00:00:00Z','{"fact":"claimed","request":{"target":{"origin":"https://cloudpartner.azure.com","publisher":"contoso","offer":"uncertain-500","binding":{"operation":"00000006-0000-1000-0000-000000000000"}},"profile":"prod","shown":{"kind":"publish","destination":"preview","state":"running","step":null,"changed_at":null},"notify":[],"again_of":null},"by":{"user":"ada","host":"jump","pid":7,"started":"1"}}');
INSERT INTO "facts" VALUES(34,'0000000000000006','1970-01-01T00:00:00Z','{"fact":"looked","state":"In Progress","cancel_state":"can_cancel","others_active":[],"canceled_before":[]}');
INSERT INTO "facts" VALUES(35,'0000000000000006','1970-01-01T00:00:00Z','{"fact":"sending","attempt":1,"by":{"user":"ada","host":"jump","pid":7,"started":"1"}}');
INSERT INTO "facts" VALUES(36,'0000000000000006','1970-01-01T00:00:00Z','{"fact":"answered","status":500,"location":null,"correlation_id":"c-1","retry_after":null,"error":"down"}');
INSERT INTO "facts" VALUES(37,'0000000000000006','1970-01-01T00:00:00Z','{"fact":"settled","verdict":"unknown","evidence":null,"target_state":null,"also_canceled":[],"error":null,"cause":"other","polls":2}');
INSERT INTO "facts" VALUES(38,'0000000000000007','1970-01-01T00:00:00Z','{"fact":"claimed","request":{"target":{"origin":"https://cloudpartner.azure.com","publisher":"contoso","offer":"uncertain-408","binding":{"operation":"00000007-0000-1000-0000-000000000000"}},"profile":"prod","shown":{"kind":"publish","destination":"preview","state":"running","step":null,"changed_at":null},"notify":[],"again_of":null},"by":{"user":"ada","host":"jump","pid":7,"started":"1"}}');
INSERT INTO "facts" VALUES(39,'0000000000000007','1970-01-01T00:00:00Z','{"fact":"looked","state":"In Progress","cancel_state":"can_cancel","others_active":[],"canceled_before":[]}');
INSERT INTO "facts" VALUES(40,'0000000000000007','1970-01-01T00:00:00Z','{"fact":"sending","attempt":1,"by":{"user":"ada","host":"jump","pid":7,"started":"1"}}');
INSERT INTO "facts" VALUES(41,'0000000000000007','1970-01-01T00:00:00Z','{"fact":"answered","status":408,"location":null,"correlation_id":"c-1","retry_after":null,"error":null}');
INSERT INTO "facts" VALUES(42,'0000000000000008','1970-01-01T00:00:00Z','{"fact":"claimed","request":{"target":{"origin":"https://cloudpartner.azure.com","publisher":"contoso","offer":"uncertain-307","binding":{"operation":"00000008-0000-1000-0000-000000000000"}},"profile":"prod","shown":{"kind":"publish","destination":"preview","state":"running","step":null,"changed_at":null},"notify":[],"again_of":null},"by":{"user":"ada","host":"jump","pid":7,"started":"1"}}');
INSERT INTO "facts" VALUES(43,'0000000000000008','1970-01-01T00:00:00Z','{"fact":"looked","state":"In Progress","cancel_state":"can_cancel","others_active":[],"canceled_before":[]}');
INSERT INTO "facts" VALUES(44,'0000000000000008','1970-01-01T00:00:00Z','{"fact":"sending","attempt":1,"by":{"user":"ada","host":"jump","pid":7,"started":"1"}}');
INSERT INTO "facts" VALUES(45,'0000000000000008','1970-01-01T00:00:00Z','{"fact":"answered","status":307,"location":null,"correlation_id":"c-1","retry_after":null,"error":null}');
INSERT INTO "facts" VALUES(46,'0000000000000009','1970-01-01T00:00:00Z','{"fact":"claimed","request":{"target":{"origin":"https://cloudpartner.azure.com","publisher":"contoso","offer":"throttled-429","binding":{"operation":"00000009-0000-1000-0000-000000000000"}},"profile":"prod","shown":{"kind":"publish","destination":"preview","state":"running","step":null,"changed_at":null},"notify":[],"again_of":null},"by":{"user":"ada","host":"jump","pid":7,"started":"1"}}');
INSERT INTO "facts" VALUES(47,'0000000000000009','1970-01-01T00:00:00Z','{"fact":"looked","state":"In Progress","cancel_state":"can_cancel","others_active":[],"canceled_before":[]}');
INSERT INTO "facts" VALUES(48,'0000000000000009','1970-01-01T00:00:00Z','{"fact":"sending","attempt":1,"by":{"user":"ada","host":"jump","pid":7,"started":"1"}}');
INSERT INTO "facts" VALUES(49,'0000000000000009','1970-01-01T00:00:00Z','{"fact":"answered","status":429,"location":null,"correlation_id":"c-1","retry_after":{"secs":9,"nanos":0},"error":null}');
INSERT INTO "facts" VALUES(50,'000000000000000a','1970-01-01T00:00:00Z','{"fact":"claimed","request":{"target":{"origin":"https://cloudpartner.azure.com","publisher":"contoso","offer":"sign-in-401","binding":{"operation":"0000000a-0000-1000-0000-000000000000"}},"profile":"prod","shown":{"kind":"publish","destination":"preview","state":"running","step":null,"changed_at":null},"notify":[],"again_of":null},"by":{"user":"ada","host":"jump","pid":7,"started":"1"}}');
INSERT INTO "facts" VALUES(51,'000000000000000a','1970-01-01T00:00:00Z','{"fact":"looked","state":"In Progress","cancel_state":"can_cancel","others_active":[],"canceled_before":[]}');
INSERT INTO "facts" VALUES(52,'000000000000000a','1970-01-01T00:00:00Z','{"fact":"sending","attempt":1,"by":{"user":"ada","host":"jump","pid":7,"started":"1"}}');
INSERT INTO "facts" VALUES(53,'000000000000000a','1970-01-01T00:00:00Z','{"fact":"answered","status":401,"location":null,"correlation_id":"c-1","retry_after":null,"error":null}');
INSERT INTO "facts" VALUES(54,'000000000000000a','1970-01-01T00:00:00Z','{"fact":"settled","verdict":"not_sent","evidence":null,"target_state":null,"also_canceled":[],"error":"the service refuses the token","cause":"sign_in","polls":2}');
INSERT INTO "facts" VALUES(55,'000000000000000b','1970-01-01T00:00:00Z','{"fact":"claimed","request":{"target":{"origin":"https://cloudpartner.azure.com","publisher":"contoso","offer":"stranger-200","binding":{"operation":"0000000b-0000-1000-0000-000000000000"}},"profile":"prod","shown":{"kind":"publish","destination":"preview","state":"running","step":null,"changed_at":null},"notify":[],"again_of":null},"by":{"user":"ada","host":"jump","pid":7,"started":"1"}}');
INSERT INTO "facts" VALUES(56,'000000000000000b','1970-01-01T00:00:00Z','{"fact":"looked","state":"In Progress","cancel_state":"can_cancel","others_active":[],"canceled_before":[]}');
INSERT INTO "facts" VALUES(57,'000000000000000b','1970-01-01T00:00:00Z','{"fact":"sending","attempt":1,"by":{"user":"ada","host":"jump","pid":7,"started":"1"}}');
INSERT INTO "facts" VALUES(58,'000000000000000b','1970-01-01T00:00:00Z','{"fact":"answered","status":200,"location":null,"correlation_id":"c-1","retry_after":null,"error":"please sign in","is_foreign":true}');
INSERT INTO "facts" VALUES(59,'000000000000000c','1970-01-01T00:00:00Z','{"fact":"claimed","request":{"target":{"origin":"https://cloudpartner.azure.com","publisher":"contoso","offer":"stranger-403","binding":{"operation":"0000000c-0000-1000-0000-000000000000"}},"profile":"prod","shown":{"kind":"publish","destination":"preview","state":"running","step":null,"changed_at":null},"notify":[],"again_of":null},"by":{"user":"ada","host":"jump","pid":7,"started":"1"}}');
INSERT INTO "facts" VALUES(60,'000000000000000c','1970-01-01T00:00:00Z','{"fact":"looked","state":"In Progress","cancel_state":"can_cancel","others_active":[],"canceled_before":[]}');
INSERT INTO "facts" VALUES(61,'000000000000000c','1970-01-01T00:00:00Z','{"fact":"sending","attempt":1,"by":{"user":"ada","host":"jump","pid":7,"started":"1"}}');
INSERT INTO "facts" VALUES(62,'000000000000000c','1970-01-01T00:00:00Z','{"fact":"answered","status":403,"location":null,"correlation_id":"c-1","retry_after":null,"error":"please sign in","is_foreign":true}');
INSERT INTO "facts" VALUES(63,'000000000000000d','1970-01-01T00:00:00Z','{"fact":"claimed","request":{"target":{"origin":"https://cloudpartner.azure.com","publisher":"contoso","offer":"finished-first","binding":{"operation":"0000000d-0000-1000-0000-000000000000"}},"profile":"prod","shown":{"kind":"publish","destination":"preview","state":"running","step":null,"changed_at":null},"notify":[],"again_of":null},"by":{"user":"ada","host":"jump","pid":7,"started":"1"}}');
INSERT INTO "facts" VALUES(64,'000000000000000d','1970-01-01T00:00:00Z','{"fact":"looked","state":"In Progress","cancel_state":"can_cancel","others_active":[],"canceled_before":[]}');
INSERT INTO "facts" VALUES(65,'000000000000000d','1970-01-01T00:00:00Z','{"fact":"sending","attempt":1,"by":{"user":"ada","host":"jump","pid":7,"started":"1"}}');
INSERT INTO "facts" VALUES(66,'000000000000000d','1970-01-01T00:00:00Z','{"fact":"answered","status":202,"location":null,"correlation_id":"c-1","retry_after":null,"error":null}');
INSERT INTO "facts" VALUES(67,'000000000000000d','1970-01-01T00:00:00Z','{"fact":"observed","state":"succeeded","via":"operation"}');
INSERT INTO "facts" VALUES(68,'000000000000000d','1970-01-01T00:00:00Z','{"fact":"settled","verdict":"finished_first","evidence":"observed","target_state":"succeeded","also_canceled":[],"error":null,"cause":"other","polls":2}');
INSERT INTO "facts" VALUES(69,'000000000000000e','1970-01-01T00:00:00Z','{"fact":"claimed","request":{"target":{"origin":"https://cloudpartner.azure.com","publisher":"contoso","offer":"by-answer","binding":{"operation":"0000000e-0000-1000-0000-000000000000"}},"profile":"prod","shown":{"kind":"publish","destination":"preview","state":"running","step":null,"changed_at":null},"notify":[],"again_of":null},"by":{"user":"ada","host":"jump","pid":7,"started":"1"}}');
INSERT INTO "facts" VALUES(70,'000000000000000e','1970-01-01T00:00:00Z','{"fact":"looked","state":"In Progress","cancel_state":"can_cancel","others_active":[],"canceled_before":[]}');
INSERT INTO "facts" VALUES(71,'000000000000000e','1970-01-01T00:00:00Z','{"fact":"sending","attempt":1,"by":{"user":"ada","host":"jump","pid":7,"started":"1"}}');
INSERT INTO "facts" VALUES(72,'000000000000000e','1970-01-01T00:00:00Z','{"fact":"answered","status":200,"location":null,"correlation_id":"c-1","retry_after":null,"error":null}');
INSERT INTO "facts" VALUES(73,'000000000000000e','1970-01-01T00:00:00Z','{"fact":"settled","verdict":"canceled","evidence":"answer","target_state":null,"also_canceled":[],"error":null,"cause":"other","polls":2,"is_open":true}');
INSERT INTO "facts" VALUES(74,'000000000000000f','1970-01-01T00:00:00Z','{"fact":"claimed","request":{"target":{"origin":"https://cloudpartner.azure.com","publisher":"contoso","offer":"lost","binding":{"operation":"0000000f-0000-1000-0000-000000000000"}},"profile":"prod","shown":{"kind":"publish","destination":"preview","state":"running","step":null,"changed_at":null},"notify":[],"again_of":null},"by":{"user":"ada","host":"jump","pid":7,"started":"1"}}');
INSERT INTO "facts" VALUES(75,'000000000000000f','1970-01-01T00:00:00Z','{"fact":"looked","state":"In Progress","cancel_state":"can_cancel","others_active":[],"canceled_before":[]}');
INSERT INTO "facts" VALUES(76,'000000000000000f','1970-01-01T00:00:00Z','{"fact":"sending","attempt":1,"by":{"user":"ada","host":"jump","pid":7,"started":"1"}}');
INSERT INTO "facts" VALUES(77,'000000000000000f','1970-01-01T00:00:00Z','{"fact":"answer_lost","error":"reset"}');
INSERT INTO "facts" VALUES(78,'000000000000000f','1970-01-01T00:00:00Z','{"fact":"observed","state":"running","via":"offer_status"}');
CREATE TABLE owners (name TEXT PRIMARY KEY NOT NULL) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX one_claim_a_target ON cancellations (origin, publisher, offer, binding) WHERE holds_claim = 1;
CREATE INDEX open_cancellations ON cancellations (origin, publisher) WHERE is_open = 1;
CREATE INDEX facts_of_a_cancellation ON facts (cancellation, number);
CREATE TRIGGER facts_stay BEFORE DELETE ON facts BEGIN SELECT RAISE(ABORT, 'a fact is never removed'); END;
CREATE TRIGGER facts_stand BEFORE UPDATE ON facts BEGIN SELECT RAISE(ABORT, 'a fact is never changed'); END;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('cancellations',15);
INSERT INTO "sqlite_sequence" VALUES('facts',78);
PRAGMA application_id = 0x434D4E44;
PRAGMA user_version = 2;
COMMIT;

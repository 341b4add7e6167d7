-- A ledger of version 3, with a row of each kind.
CREATE TABLE backup (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    service_id TEXT,
    service_name TEXT,
    backup_type TEXT,
    method TEXT,
    server_pod TEXT,
    cloud_provider TEXT,
    status TEXT,
    start_time ANY,
    end_time ANY,
    point_in_time ANY,
    reference_full_backup TEXT,
    binlog_file TEXT,
    binlog_position TEXT,
    binlog_gtid_position TEXT,
    disk_size TEXT,
    disk_size_bytes INTEGER,
    storage_bytes INTEGER,
    is_external_storage INTEGER,
    first_seen INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    gone_at INTEGER
) STRICT;
CREATE INDEX backup_listed ON backup (seq) WHERE gone_at IS NULL;
CREATE TABLE schedule (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    service_id TEXT,
    service_name TEXT,
    backup_type TEXT,
    recurrence TEXT,
    status TEXT,
    suspended INTEGER,
    cloud_provider TEXT,
    created_at ANY,
    updated_at ANY,
    scheduled_at ANY,
    first_seen INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    gone_at INTEGER
) STRICT;
CREATE INDEX schedule_listed ON schedule (seq) WHERE gone_at IS NULL;
CREATE TABLE schedule_version (
    seq INTEGER PRIMARY KEY,
    schedule_id TEXT NOT NULL,
    since INTEGER NOT NULL,
    backup_type TEXT,
    recurrence TEXT,
    suspended INTEGER
) STRICT;
CREATE INDEX schedule_version_of ON schedule_version (schedule_id, seq);
CREATE TABLE poll (
    seq INTEGER PRIMARY KEY,
    list TEXT NOT NULL,
    began_at INTEGER NOT NULL,
    ended_at INTEGER NOT NULL,
    row_count INTEGER NOT NULL,
    filter TEXT,
    is_complete INTEGER NOT NULL
) STRICT;
CREATE INDEX poll_of ON poll (list, ended_at);
CREATE TABLE change (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    sent_at INTEGER NOT NULL,
    ended_at INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    schedule_id TEXT,
    service_id TEXT,
    service_name TEXT,
    backup_type TEXT,
    recurrence TEXT,
    suspended INTEGER,
    new_backup_type TEXT,
    new_recurrence TEXT,
    new_suspended INTEGER
, restore_id TEXT, source_id TEXT, moment INTEGER) STRICT;
CREATE TABLE restore (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    service_id TEXT,
    service_name TEXT,
    source_id TEXT,
    restore_type TEXT,
    status TEXT,
    created_at ANY,
    first_seen INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    gone_at INTEGER
) STRICT;
CREATE INDEX restore_listed ON restore (seq) WHERE gone_at IS NULL;

INSERT INTO backup (id, service_id, backup_type, status, start_time, first_seen, last_seen, gone_at) VALUES
    ('a', 'dbpgf41870263', 'full', 'Succeeded', 1790000000000000, 1790000060000000, 1790000060000000, NULL),
    ('b', 'dbpgf41870263', 'full', 'Succeeded', 1790000000000000, 1790000060000000, 1790000060000000, 1790000180000000);
INSERT INTO schedule (id, recurrence, suspended, first_seen, last_seen) VALUES ('301', '0 2 * * *', 0, 1790000060000000, 1790000060000000);
INSERT INTO schedule_version (schedule_id, since, recurrence, suspended) VALUES ('301', 1790000060000000, '0 2 * * *', 0);
INSERT INTO poll (list, began_at, ended_at, row_count, filter, is_complete) VALUES
    ('backups', 1790000000000000, 1790000060000000, 2, NULL, 1),
    ('backups', 1790000120000000, 1790000180000000, 1, NULL, 1);
INSERT INTO change (id, kind, sent_at, ended_at, outcome, schedule_id, recurrence, new_suspended) VALUES
    ('c1', 'update', 1790000060000000, 1790000061000000, 'done', '301', '0 2 * * *', 1);
INSERT INTO change (id, kind, sent_at, ended_at, outcome, service_id, restore_id, source_id, moment) VALUES
    ('c2', 'restore', 1790000060000000, 1790000061000000, 'done', 'dbpgf41870263', '12', 'dbpgf27715608', 1790000000000000);
INSERT INTO restore (id, service_id, source_id, status, first_seen, last_seen) VALUES
    ('12', 'dbpgf41870263', 'dbpgf27715608', 'Succeeded', 1790000060000000, 1790000060000000);
PRAGMA application_id = 1399552322;
PRAGMA user_version = 3;

-- Cases drawn by hashes of their number, so that the same size gives the same cases. Written under every constraint but
-- the foreign keys, which hold because every row is drawn from the rows they name.
SET session_replication_role = replica;
CREATE TEMP TABLE item AS
  SELECT row_number() OVER (ORDER BY i.item) - 1 AS n, i.item, i.revision_id, i.owner_office, i.region, i.claim
  FROM catalogue_itemrow i;
CREATE UNIQUE INDEX ON item (n);
CREATE TEMP TABLE firm AS
  SELECT row_number() OVER (ORDER BY s.key) - 1 AS n, s.id, s.region FROM registry_subject s WHERE s.region <> '';
CREATE UNIQUE INDEX ON firm (n);
ANALYZE item;
ANALYZE firm;
-- Whom an item is for lives in its region: of each place the items of it and of all above it.
CREATE TEMP TABLE reach AS
  SELECT w.node_id AS region, array_agg(item.n ORDER BY item.n) AS items
  FROM offices_regionwithin w JOIN item ON item.region = w.ancestor_id
  WHERE w.node_id IN (SELECT region FROM firm) GROUP BY w.node_id;
CREATE UNIQUE INDEX ON reach (region);
ANALYZE reach;
CREATE TEMP TABLE claimed AS
  SELECT g AS n, firm.id AS firm, reach.items[1 + abs(hashint8(g)) % cardinality(reach.items)] AS item
  FROM generate_series(1::bigint, :cases) g
  JOIN firm ON firm.n = abs(hashint8(g * 613)) % (SELECT count(*) FROM firm)
  JOIN reach ON reach.region = firm.region;
CREATE TEMP TABLE drawn AS
  SELECT g.n, 'case_01' || upper(lpad(to_hex(g.n), 24, '0')) AS id, item.item, item.claim, item.revision_id,
         g.firm, item.region, item.owner_office AS office,
         abs(hashint8(g.n * 7919)) % 10000 AS draw, abs(hashint8(g.n * 104729)) % 730 AS ago,
         abs(hashint8(g.n * 31)) % 5000000 + 10000 AS fen
  FROM claimed g JOIN item ON item.n = g.item;
ALTER TABLE drawn ADD state text, ADD outcome text, ADD opened timestamptz;
UPDATE drawn SET
  state = CASE WHEN draw < 100 THEN 'draft' WHEN draw < 550 THEN 'in_review' WHEN draw < 600 THEN 'returned' ELSE 'closed' END,
  outcome = CASE WHEN draw < 600 THEN '' WHEN draw < 8500 THEN 'granted' WHEN draw < 9700 THEN 'refused' ELSE 'withdrawn' END,
  opened = now() - (CASE WHEN draw < 600 THEN ago % 30 ELSE ago END) * interval '1 day' - interval '1 hour';
INSERT INTO cases_case (id, item, claim, revision_id, subject_id, region, office, record, period, state, outcome,
    awaits_decision, version,
    opened_at, submitted_at, undo_until, wake_at, decided_at, closed_at, due_on, is_automatic, amount_fen, allotted_fen,
    bank_account)
  SELECT id, item, claim, revision_id, firm, region, office, '', 'n' || n, state, outcome, false, 3, opened,
    CASE WHEN state <> 'draft' THEN opened + interval '5 minutes' END, NULL, NULL,
    CASE WHEN outcome IN ('granted', 'refused') THEN opened + interval '6 days' END,
    CASE WHEN state = 'closed' THEN opened + interval '12 days' END,
    CASE WHEN state <> 'draft' THEN (opened + interval '14 days')::date END, false,
    CASE WHEN outcome = 'granted' THEN fen END, NULL, ''
  FROM drawn;
INSERT INTO cases_step (case_id, position, kind, office, opened_on, due_on, finding, done_on, done_by, note)
  SELECT id, 0, 'check', 'system', opened::date, NULL, 'passed', opened::date, 'system', ''
  FROM drawn WHERE state <> 'draft';
INSERT INTO cases_step (case_id, position, kind, office, opened_on, due_on, finding, done_on, done_by, note)
  SELECT id, 1, 'review', office, opened::date, (opened + interval '14 days')::date,
    CASE WHEN state = 'closed' AND outcome <> 'withdrawn' THEN 'passed' ELSE '' END,
    CASE WHEN state = 'closed' AND outcome <> 'withdrawn' THEN (opened + (1 + ago % 18) * interval '1 day')::date END,
    CASE WHEN state = 'closed' THEN 'account_benchmark' ELSE '' END, ''
  FROM drawn WHERE state <> 'draft' AND outcome <> 'withdrawn';
INSERT INTO entitlements_entitlement (id, case_id, subject_id, item, "group", revision_id, owner_office, region,
    amount_fen, period, keys, granted_at, granted_on, granted_by)
  SELECT 'entitlement' || substr(id, 5), id, firm, item, '', revision_id, office, region, fen, 'n' || n,
    '[]'::jsonb, opened + interval '6 days', (opened + interval '6 days')::date, 'account_benchmark'
  FROM drawn WHERE outcome = 'granted';
INSERT INTO cases_grant (case_id, entitlement_id, period, due_on, disbursement, credential, fulfilled_at)
  SELECT id, 'entitlement' || substr(id, 5), '', (opened + interval '8 days')::date, '', '', opened + interval '9 days'
  FROM drawn WHERE outcome = 'granted';
ANALYZE;
SET session_replication_role = origin;

-- CreateTable
CREATE TABLE "Subject" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,

    CONSTRAINT "Subject_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Course" (
    "repositoryId" BIGINT NOT NULL,
    "score" DOUBLE PRECISION,
    "stands" BYTEA NOT NULL,
    "scores" BYTEA NOT NULL,
    "items" BYTEA NOT NULL,
    "checks" BYTEA[],

    CONSTRAINT "Course_pkey" PRIMARY KEY ("repositoryId")
);

-- AlterTable
ALTER TABLE "Standing" ADD COLUMN     "allMet" BOOLEAN[],
ADD COLUMN     "at" TIMESTAMPTZ(3)[],
ADD COLUMN     "scores" DOUBLE PRECISION[];

-- CreateIndex
CREATE UNIQUE INDEX "Subject_name_key" ON "Subject"("name");

-- AddForeignKey
ALTER TABLE "Course" ADD CONSTRAINT "Course_repositoryId_fkey" FOREIGN KEY ("repositoryId") REFERENCES "Repository"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- By hand from here on. As with "Standing", a page keeps room for what every scan changes.
ALTER TABLE "Course" SET (fillfactor = 50);

-- Moves the courses of the repositories to these scans of theirs, one each. What the bytes mean stands
-- at the model. A semicolon inside a body is written \073.
CREATE FUNCTION "take_course"(scans INTEGER[]) RETURNS VOID LANGUAGE plpgsql AS E'
BEGIN
  WITH stood AS MATERIALIZED (
    SELECT scan, t.subject, t.points::int AS wrong,
      array_position(ARRAY[\'pass\', \'fail\', \'waived\', \'unknown\', \'not-applicable\', \'error\'], t.state) AS now
    FROM unnest(scans) scan CROSS JOIN LATERAL "tallied"(scan) t WHERE t.subject <> \'score\'),
  added AS (
    INSERT INTO "Subject" ("name")
    SELECT DISTINCT subject FROM stood WHERE subject NOT IN (SELECT "name" FROM "Subject") ORDER BY 1
    ON CONFLICT ("name") DO UPDATE SET "name" = EXCLUDED."name" RETURNING "id", "name"),
  named AS MATERIALIZED (SELECT "id", "name" FROM "Subject" UNION SELECT "id", "name" FROM added),
  place AS MATERIALIZED (
    SELECT n AS id, named."name" FROM generate_series(1, (SELECT max("id") FROM named)) n LEFT JOIN named ON named."id" = n),
  moved AS MATERIALIZED (
    SELECT s."id" AS scan, s."repositoryId", s."score", (s."scannedAt" AT TIME ZONE \'UTC\')::date - date \'2000-01-01\' AS day,
      c."score" AS past, coalesce(c."stands", \'\') AS stands, coalesce(c."scores", \'\') AS scores,
      coalesce(c."items", \'\') AS items, coalesce(c."checks", \'{}\') AS checks
    FROM unnest(scans) scan JOIN "Scan" s ON s."id" = scan LEFT JOIN "Course" c ON c."repositoryId" = s."repositoryId"),
  known AS (
    SELECT m.scan, m.day, m.checks[p.id] AS earlier, p.id, p."name", coalesce(t.wrong, 0) AS wrong, coalesce(t.now, 0) AS now,
      CASE WHEN length(m.stands) >= p.id * 4 THEN get_byte(m.stands, p.id * 4 - 1) & 7 ELSE 0 END AS past
    FROM moved m CROSS JOIN place p LEFT JOIN stood t ON t.scan = m.scan AND t.subject = p."name"),
  step AS (
    SELECT *, CASE WHEN past = now THEN \'\'::bytea
      ELSE int4send((day << 16) | (id << 6) | (past << 3) | now) END AS turn FROM known),
  turned AS (
    SELECT scan, string_agg(int4send((least(wrong, 262143) << 13) | (id << 3) | now), \'\'::bytea ORDER BY id) AS stands,
      string_agg(turn, \'\'::bytea) FILTER (WHERE starts_with("name", \'item:\')) AS items,
      array_agg(CASE WHEN starts_with("name", \'check:\') THEN coalesce(earlier, \'\') || turn ELSE \'\' END ORDER BY id) AS checks
    FROM step GROUP BY scan)
  INSERT INTO "Course" ("repositoryId", "score", "stands", "scores", "items", "checks")
  SELECT m."repositoryId", m."score", coalesce(t.stands, \'\'),
    m.scores || CASE WHEN m.past IS DISTINCT FROM m."score" THEN
      int4send((m.day << 2) | ((m."score" IS NOT NULL)::int - (m.past IS NOT NULL)::int + 1))
      || float4send((coalesce(m."score", 0) - coalesce(m.past, 0))::float4) ELSE \'\' END,
    m.items || coalesce(t.items, \'\'), coalesce(t.checks, \'{}\')
  FROM moved m LEFT JOIN turned t ON t.scan = m.scan ORDER BY m."repositoryId"
  ON CONFLICT ("repositoryId") DO UPDATE SET "score" = EXCLUDED."score", "stands" = EXCLUDED."stands",
    "scores" = EXCLUDED."scores", "items" = EXCLUDED."items", "checks" = EXCLUDED."checks"\073
END
';

-- Whoever moves a repository's latest scan moves its course in the same transaction.
-- Most statements move none. What moved
-- is found by sorting: a plan that is kept from small statements would compare each row of a large one with every other.
CREATE FUNCTION "keep_course"() RETURNS TRIGGER LANGUAGE plpgsql AS E'
DECLARE
  moved INTEGER[]\073
BEGIN
  DELETE FROM "Course" WHERE "repositoryId" = ANY(array(SELECT "id" FROM before WHERE "latestScanId" IS NOT NULL
    EXCEPT SELECT "id" FROM after WHERE "latestScanId" IS NOT NULL))\073
  moved := array(SELECT n."latestScanId" FROM (
    SELECT "id", "latestScanId" FROM after EXCEPT SELECT "id", "latestScanId" FROM before) n
    WHERE n."latestScanId" IS NOT NULL)\073
  IF cardinality(moved) > 0 THEN
    PERFORM "take_course"(moved)\073
  END IF\073
  RETURN NULL\073
END
';

CREATE TRIGGER "Repository_course" AFTER UPDATE ON "Repository"
  REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION "keep_course"();

-- The same as before, and when what it stands at changed.
CREATE OR REPLACE FUNCTION "keep_standing"() RETURNS TRIGGER LANGUAGE plpgsql AS E'
BEGIN
  DELETE FROM "Standing" WHERE "repositoryId" = ANY(array(SELECT "id" FROM before WHERE "latestScanId" IS NOT NULL
    EXCEPT SELECT "id" FROM after WHERE "latestScanId" IS NOT NULL))\073
  INSERT INTO "Standing" ("repositoryId", "scanId", "scannedAt", "score", "grade", "itemsMet", "itemsApplied", "hardening",
    "openFindings", "waivedFindings", "states", "at", "scores", "allMet")
  SELECT n."id", s."id", s."scannedAt", s."score", s."grade", s."itemsMet", s."itemsApplied", s."hardening", s."openFindings",
    s."waivedFindings", array(SELECT t.subject || \' \' || t.state FROM "tallied"(s."id") t WHERE t.subject <> \'score\'),
    CASE WHEN same.is THEN st."at" ELSE st."at" || greatest(s."scannedAt", st."at"[cardinality(st."at")]) END,
    CASE WHEN same.is THEN st."scores" ELSE st."scores" || told.score END,
    CASE WHEN same.is THEN st."allMet" ELSE st."allMet" || told.met END
  FROM (SELECT "id", "latestScanId" FROM after EXCEPT SELECT "id", "latestScanId" FROM before) n
  JOIN "Scan" s ON s."id" = n."latestScanId"
  LEFT JOIN "Standing" st ON st."repositoryId" = n."id"
  CROSS JOIN LATERAL (
    SELECT coalesce(s."score", -1) AS score, s."itemsApplied" > 0 AND s."itemsMet" = s."itemsApplied" AS met) told
  CROSS JOIN LATERAL (
    SELECT coalesce(st."scores"[cardinality(st."scores")] = told.score AND st."allMet"[cardinality(st."allMet")] = told.met, false)
      AS is) same
  ORDER BY n."id"
  ON CONFLICT ("repositoryId") DO UPDATE SET "scanId" = EXCLUDED."scanId", "scannedAt" = EXCLUDED."scannedAt",
    "score" = EXCLUDED."score", "grade" = EXCLUDED."grade", "itemsMet" = EXCLUDED."itemsMet",
    "itemsApplied" = EXCLUDED."itemsApplied", "hardening" = EXCLUDED."hardening", "openFindings" = EXCLUDED."openFindings",
    "waivedFindings" = EXCLUDED."waivedFindings", "states" = EXCLUDED."states", "at" = EXCLUDED."at",
    "scores" = EXCLUDED."scores", "allMet" = EXCLUDED."allMet"\073
  RETURN NULL\073
END
';

-- Compiling its queries takes longer than what they do.
SET jit = off;

-- The history that is there already: every repository's first scan, then every second one, up to the latest.
CREATE TEMPORARY TABLE "history" AS
SELECT r."id", s."id" AS scan, s."scannedAt", coalesce(s."score", -1) AS score,
  s."itemsApplied" > 0 AND s."itemsMet" = s."itemsApplied" AS met,
  row_number() OVER (PARTITION BY r."id" ORDER BY s."scannedAt", s."id") AS place
FROM "Repository" r JOIN "Scan" latest ON latest."id" = r."latestScanId"
JOIN "Scan" s ON s."repositoryId" = r."id" AND (s."scannedAt", s."id") <= (latest."scannedAt", latest."id");

SELECT "take_course"(scans) FROM (SELECT place, array_agg(scan) AS scans FROM "history" GROUP BY place ORDER BY place) turns;

UPDATE "Standing" st SET "at" = past.at, "scores" = past.scores, "allMet" = past.met
FROM (
  SELECT "id", array_agg("scannedAt" ORDER BY place) AS at, array_agg(score ORDER BY place) AS scores,
    array_agg(met ORDER BY place) AS met
  FROM (SELECT *, lag((score, met)) OVER (PARTITION BY "id" ORDER BY place) AS earlier FROM "history") h
  WHERE earlier IS DISTINCT FROM (score, met) GROUP BY "id") past
WHERE past."id" = st."repositoryId";

DROP TABLE "history";
RESET jit;

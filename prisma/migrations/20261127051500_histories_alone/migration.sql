-- By hand, as triggers and functions are: what the server holds of each repository tells everybody's figures, so that none are
-- kept for those who see everything.
DROP TRIGGER "Repository_tally" ON "Repository";
DROP FUNCTION "keep_tally"();
DROP TABLE "TallyTotal";
DROP TABLE "Tally";
DROP FUNCTION "keep_total"();

-- Moves the courses of the repositories to these scans of theirs, one each. What the bytes mean stands
-- at the model. A semicolon inside a body is written \073.
CREATE OR REPLACE FUNCTION "take_course"(scans INTEGER[]) RETURNS VOID LANGUAGE plpgsql AS E'
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
    SELECT s."id" AS scan, s."repositoryId", (s."scannedAt" AT TIME ZONE \'UTC\')::date - date \'2000-01-01\' AS day,
      coalesce(c."stands", \'\') AS stands, coalesce(c."items", \'\') AS items, coalesce(c."checks", \'{}\') AS checks
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
  INSERT INTO "Course" ("repositoryId", "stands", "items", "checks")
  SELECT m."repositoryId", coalesce(t.stands, \'\'), m.items || coalesce(t.items, \'\'), coalesce(t.checks, \'{}\')
  FROM moved m LEFT JOIN turned t ON t.scan = m.scan ORDER BY m."repositoryId"
  ON CONFLICT ("repositoryId") DO UPDATE SET "stands" = EXCLUDED."stands", "items" = EXCLUDED."items", "checks" = EXCLUDED."checks"\073
END
';

-- Scores stand in "ScoreHistory".
ALTER TABLE "Course" DROP COLUMN "score", DROP COLUMN "scores";

-- DropIndex
DROP INDEX "Snapshot_repositoryId_takenAt_idx";

-- CreateIndex
CREATE INDEX "Snapshot_repositoryId_id_idx" ON "Snapshot"("repositoryId", "id");

-- By hand from here on. As before, but what moved is found by sorting: the join of what was with what is was planned for the first
-- statement, of no rows, and compared each row of a sweep with every other. A semicolon inside a body is written \073.
CREATE OR REPLACE FUNCTION "keep_tally"() RETURNS TRIGGER LANGUAGE plpgsql AS E'
BEGIN
  INSERT INTO "Tally" ("orgId", "subject", "state", "day", "change", "points")
  WITH side AS (
    (SELECT -1 AS sign, o.* FROM (
      SELECT "id", "orgId", "latestScanId", "goneAt" IS NULL AND NOT "archived" AS counts FROM before EXCEPT
      SELECT "id", "orgId", "latestScanId", "goneAt" IS NULL AND NOT "archived" FROM after) o)
    UNION ALL
    (SELECT 1, n.* FROM (
      SELECT "id", "orgId", "latestScanId", "goneAt" IS NULL AND NOT "archived" AS counts FROM after EXCEPT
      SELECT "id", "orgId", "latestScanId", "goneAt" IS NULL AND NOT "archived" FROM before) n)),
  told AS (
    SELECT *, max("latestScanId") FILTER (WHERE sign < 0) OVER own AS "oldScan",
      max("latestScanId") FILTER (WHERE sign > 0) OVER own AS "newScan" FROM side WINDOW own AS (PARTITION BY "id")),
  standing AS (
    SELECT told."orgId", told."latestScanId" AS scan, told.sign,
      CASE WHEN "newScan" IS DISTINCT FROM "oldScan" THEN s."scannedAt" END AS at
    FROM told LEFT JOIN "Scan" s ON s."id" = told."newScan" WHERE told.counts AND told."latestScanId" IS NOT NULL)
  SELECT standing."orgId", t.subject, t.state, (coalesce(standing.at, now()) AT TIME ZONE \'UTC\')::date AS day,
    sum(standing.sign), sum(standing.sign * t.points)
  FROM standing CROSS JOIN LATERAL "tallied"(standing.scan) t
  GROUP BY 1, 2, 3, 4 HAVING sum(standing.sign) <> 0 OR sum(standing.sign * t.points) <> 0
  ORDER BY 1, 2, 3, 4
  ON CONFLICT ("orgId", "subject", "state", "day") DO UPDATE
    SET "change" = "Tally"."change" + EXCLUDED."change", "points" = "Tally"."points" + EXCLUDED."points"\073
  RETURN NULL\073
END
';

-- CreateTable
CREATE TABLE "Tally" (
    "orgId" INTEGER NOT NULL,
    "subject" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "change" INTEGER NOT NULL,
    "points" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "Tally_pkey" PRIMARY KEY ("orgId","subject","state","day")
);

-- CreateIndex
CREATE INDEX "Finding_fixedAt_firstSeen_idx" ON "Finding"("fixedAt", "firstSeen");

-- AddForeignKey
ALTER TABLE "Tally" ADD CONSTRAINT "Tally_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- By hand from here on. What one scan counts for: its checks, its items, its score. `points` of a check are its wrong
-- places, of the score its value. The states of an item are those of `stateOfChecks` in lib/store/pages/fragments.ts.
CREATE FUNCTION "tallied"(scan INTEGER) RETURNS TABLE (subject TEXT, state TEXT, points DOUBLE PRECISION) LANGUAGE sql STABLE AS $$
  SELECT 'check:' || c."checkId", c."outcome", c."failing"::float8 FROM "CheckResult" c WHERE c."scanId" = scan
  UNION ALL
  SELECT 'item:' || c."item", CASE
      WHEN bool_or(c."outcome" = 'fail') THEN 'fail'
      WHEN bool_or(c."outcome" IN ('unknown', 'error')) THEN 'unknown'
      WHEN bool_or(c."outcome" = 'pass') THEN 'pass'
      ELSE 'not-applicable' END, 0
  FROM "CheckResult" c WHERE c."scanId" = scan GROUP BY c."item"
  UNION ALL
  SELECT 'score', '', s."score" FROM "Scan" s WHERE s."id" = scan AND s."score" IS NOT NULL
$$;

-- Whoever moves a repository's latest scan, archives it or finds it gone changes the figures in the same transaction.
-- Scripts are cut at every semicolon, also inside a body: \073 is one that is not seen.
-- One statement for all rows that a statement changed, in the order of the key, so that two writers never lock each other.
CREATE FUNCTION "keep_tally"() RETURNS TRIGGER LANGUAGE plpgsql AS E'
BEGIN
  INSERT INTO "Tally" ("orgId", "subject", "state", "day", "change", "points")
  WITH changed AS (
    SELECT o."orgId" AS "oldOrg", n."orgId" AS "newOrg", o."latestScanId" AS "oldScan", n."latestScanId" AS "newScan",
      o."goneAt" IS NULL AND NOT o."archived" AS "oldCounts", n."goneAt" IS NULL AND NOT n."archived" AS "newCounts",
      (CASE WHEN n."latestScanId" IS DISTINCT FROM o."latestScanId" THEN s."scannedAt" END) AS at
    FROM before o JOIN after n USING ("id") LEFT JOIN "Scan" s ON s."id" = n."latestScanId"
    WHERE o."latestScanId" IS DISTINCT FROM n."latestScanId" OR o."archived" <> n."archived"
      OR (o."goneAt" IS NULL) <> (n."goneAt" IS NULL) OR o."orgId" <> n."orgId"),
  standing AS (
    SELECT "oldOrg" AS "orgId", "oldScan" AS scan, -1 AS sign, at FROM changed WHERE "oldCounts" AND "oldScan" IS NOT NULL
    UNION ALL
    SELECT "newOrg", "newScan", 1, at FROM changed WHERE "newCounts" AND "newScan" IS NOT NULL)
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

CREATE TRIGGER "Repository_tally" AFTER UPDATE ON "Repository"
  REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION "keep_tally"();

-- The history that is there already: every scan up to the latest comes, and the one before it goes.
INSERT INTO "Tally" ("orgId", "subject", "state", "day", "change", "points")
WITH ordered AS (
  SELECT r."orgId", s."id", s."scannedAt", lag(s."id") OVER (PARTITION BY r."id" ORDER BY s."scannedAt", s."id") AS past
  FROM "Repository" r JOIN "Scan" latest ON latest."id" = r."latestScanId"
  JOIN "Scan" s ON s."repositoryId" = r."id" AND (s."scannedAt", s."id") <= (latest."scannedAt", latest."id")
  WHERE r."goneAt" IS NULL AND NOT r."archived"),
standing AS (
  SELECT "orgId", "id" AS scan, 1 AS sign, "scannedAt" FROM ordered
  UNION ALL
  SELECT "orgId", past, -1, "scannedAt" FROM ordered WHERE past IS NOT NULL)
SELECT standing."orgId", t.subject, t.state, (standing."scannedAt" AT TIME ZONE 'UTC')::date, sum(sign), sum(sign * t.points)
FROM standing CROSS JOIN LATERAL "tallied"(standing.scan) t
GROUP BY 1, 2, 3, 4 HAVING sum(sign) <> 0 OR sum(sign * t.points) <> 0;

-- CreateTable
CREATE TABLE "ScoreHistory" (
    "repositoryId" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(3)[],
    "scores" DOUBLE PRECISION[],
    "allMet" BOOLEAN[],

    CONSTRAINT "ScoreHistory_pkey" PRIMARY KEY ("repositoryId")
);

-- AddForeignKey
ALTER TABLE "ScoreHistory" ADD CONSTRAINT "ScoreHistory_repositoryId_fkey" FOREIGN KEY ("repositoryId") REFERENCES "Repository"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- By hand from here on. The table is made anew, so that its columns stand in the order of their use and each row is small:
-- a database reads a row up to the last column that is asked for, and every list reads all rows.
ALTER TABLE "ScoreHistory" SET (fillfactor = 70);
INSERT INTO "ScoreHistory" SELECT "repositoryId", "at", "scores", "allMet" FROM "Standing" ORDER BY "repositoryId";

CREATE TABLE "NarrowStanding" (
    "repositoryId" BIGINT NOT NULL,
    "scannedAt" TIMESTAMPTZ(3) NOT NULL,
    "score" DOUBLE PRECISION,
    "hardening" DOUBLE PRECISION,
    "scanId" INTEGER NOT NULL,
    "itemsMet" INTEGER NOT NULL,
    "itemsApplied" INTEGER NOT NULL,
    "openFindings" INTEGER NOT NULL,
    "waivedFindings" INTEGER NOT NULL,
    "grade" TEXT,
    "states" BYTEA NOT NULL
) WITH (fillfactor = 50);

-- One byte for each number of four: its three lowest bits.
CREATE FUNCTION "states_of"(stands BYTEA) RETURNS BYTEA LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(string_agg(substr('\x0001020304050607'::bytea, (get_byte(stands, place * 4 - 1) & 7) + 1, 1), ''::bytea ORDER BY place), '')
  FROM generate_series(1, length(stands) / 4) place
$$;

INSERT INTO "NarrowStanding"
SELECT s."repositoryId", s."scannedAt", s."score", s."hardening", s."scanId", s."itemsMet", s."itemsApplied", s."openFindings",
  s."waivedFindings", s."grade", "states_of"(c."stands")
FROM "Standing" s JOIN "Course" c ON c."repositoryId" = s."repositoryId" ORDER BY s."repositoryId";

DROP TABLE "Standing";
ALTER TABLE "NarrowStanding" RENAME TO "Standing";
ALTER TABLE "Standing" ADD CONSTRAINT "Standing_pkey" PRIMARY KEY ("repositoryId");
ALTER TABLE "Standing" ADD CONSTRAINT "Standing_repositoryId_fkey" FOREIGN KEY ("repositoryId") REFERENCES "Repository"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Moves the standings of the repositories to these scans of theirs, one each, behind their courses. A semicolon inside a
-- body is written \073.
CREATE FUNCTION "take_standing"(scans INTEGER[]) RETURNS VOID LANGUAGE plpgsql AS E'
BEGIN
  INSERT INTO "ScoreHistory" ("repositoryId", "at", "scores", "allMet")
  SELECT s."repositoryId", h."at" || greatest(s."scannedAt", h."at"[cardinality(h."at")]), h."scores" || told.score,
    h."allMet" || told.met
  FROM unnest(scans) scan JOIN "Scan" s ON s."id" = scan
  CROSS JOIN LATERAL (
    SELECT coalesce(s."score", -1) AS score, s."itemsApplied" > 0 AND s."itemsMet" = s."itemsApplied" AS met) told
  LEFT JOIN "ScoreHistory" h ON h."repositoryId" = s."repositoryId"
  WHERE (h."scores"[cardinality(h."scores")], h."allMet"[cardinality(h."allMet")]) IS DISTINCT FROM (told.score, told.met)
  ORDER BY s."repositoryId"
  ON CONFLICT ("repositoryId") DO UPDATE SET "at" = EXCLUDED."at", "scores" = EXCLUDED."scores", "allMet" = EXCLUDED."allMet"\073
  INSERT INTO "Standing" ("repositoryId", "scannedAt", "score", "hardening", "scanId", "itemsMet", "itemsApplied",
    "openFindings", "waivedFindings", "grade", "states")
  SELECT s."repositoryId", s."scannedAt", s."score", s."hardening", s."id", s."itemsMet", s."itemsApplied", s."openFindings",
    s."waivedFindings", s."grade", "states_of"(c."stands")
  FROM unnest(scans) scan JOIN "Scan" s ON s."id" = scan JOIN "Course" c ON c."repositoryId" = s."repositoryId"
  ORDER BY s."repositoryId"
  ON CONFLICT ("repositoryId") DO UPDATE SET "scannedAt" = EXCLUDED."scannedAt", "score" = EXCLUDED."score",
    "hardening" = EXCLUDED."hardening", "scanId" = EXCLUDED."scanId", "itemsMet" = EXCLUDED."itemsMet",
    "itemsApplied" = EXCLUDED."itemsApplied", "openFindings" = EXCLUDED."openFindings",
    "waivedFindings" = EXCLUDED."waivedFindings", "grade" = EXCLUDED."grade", "states" = EXCLUDED."states"\073
END
';

-- Whoever moves a repository's latest scan moves its course, its history and its standing in the same transaction. Most
-- statements move none. What moved is found by sorting: a plan that is kept from small statements would compare each row
-- of a large one with every other.
CREATE OR REPLACE FUNCTION "keep_standing"() RETURNS TRIGGER LANGUAGE plpgsql AS E'
DECLARE
  unjudged BIGINT[]\073
  moved INTEGER[]\073
BEGIN
  unjudged := array(SELECT "id" FROM before WHERE "latestScanId" IS NOT NULL
    EXCEPT SELECT "id" FROM after WHERE "latestScanId" IS NOT NULL)\073
  IF cardinality(unjudged) > 0 THEN
    DELETE FROM "Course" WHERE "repositoryId" = ANY(unjudged)\073
    DELETE FROM "ScoreHistory" WHERE "repositoryId" = ANY(unjudged)\073
    DELETE FROM "Standing" WHERE "repositoryId" = ANY(unjudged)\073
  END IF\073
  moved := array(SELECT n."latestScanId" FROM (
    SELECT "id", "latestScanId" FROM after EXCEPT SELECT "id", "latestScanId" FROM before) n
    WHERE n."latestScanId" IS NOT NULL)\073
  IF cardinality(moved) > 0 THEN
    PERFORM "take_course"(moved)\073
    PERFORM "take_standing"(moved)\073
  END IF\073
  RETURN NULL\073
END
';
DROP TRIGGER "Repository_course" ON "Repository";
DROP FUNCTION "keep_course"();

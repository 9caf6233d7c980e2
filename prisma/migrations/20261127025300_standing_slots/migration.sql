-- With its slot: whose bits an asker sees is told without a look at the wide rows. Made anew, so that a row is read no further
-- than it was. By hand, as the trigger's functions.
DROP TABLE "Standing";

-- CreateTable
CREATE TABLE "Standing" (
    "repositoryId" BIGINT NOT NULL,
    "orgId" INTEGER NOT NULL,
    "gone" BOOLEAN NOT NULL,
    "public" BOOLEAN NOT NULL,
    "archived" BOOLEAN NOT NULL,
    "slot" INTEGER,
    "owned" UUID NOT NULL,
    "labelled" UUID NOT NULL,
    "crawledAt" TIMESTAMPTZ(3),
    "scannedAt" TIMESTAMPTZ(3),
    "score" DOUBLE PRECISION,
    "hardening" DOUBLE PRECISION,
    "scanId" INTEGER,
    "itemsMet" INTEGER,
    "itemsApplied" INTEGER,
    "openFindings" INTEGER,
    "waivedFindings" INTEGER,
    "name" TEXT NOT NULL,
    "outcome" TEXT,
    "grade" TEXT,
    "states" BYTEA NOT NULL,
    "teams" TEXT[],
    "codeOwners" TEXT[],
    "propertyOwners" TEXT[],

    CONSTRAINT "Standing_pkey" PRIMARY KEY ("repositoryId")
);

-- AddForeignKey
ALTER TABLE "Standing" ADD CONSTRAINT "Standing_repositoryId_fkey" FOREIGN KEY ("repositoryId") REFERENCES "Repository"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- A page keeps room for what every look changes.
ALTER TABLE "Standing" SET (fillfactor = 50);

-- Writes how these repositories stand, behind their courses. A semicolon inside a body is written \073.
CREATE OR REPLACE FUNCTION "take_standing"(repositories BIGINT[]) RETURNS VOID LANGUAGE plpgsql AS E'
BEGIN
  INSERT INTO "Standing" ("repositoryId", "orgId", "gone", "public", "archived", "slot", "owned", "labelled", "crawledAt",
    "scannedAt", "score", "hardening", "scanId", "itemsMet", "itemsApplied", "openFindings", "waivedFindings", "name", "outcome", "grade",
    "states", "teams", "codeOwners", "propertyOwners")
  SELECT r."id", r."orgId", r."goneAt" IS NOT NULL, r."visibility" = \'public\', r."archived", r."slot",
    md5(to_jsonb(ARRAY[to_jsonb(r."teams"), to_jsonb(r."codeOwners"), to_jsonb(r."propertyOwners")])::text)::uuid,
    md5(to_jsonb(ARRAY[to_jsonb(r."topics"), to_jsonb(r."primaryLanguage")])::text)::uuid,
    r."crawledAt", s."scannedAt", s."score", s."hardening", s."id", s."itemsMet", s."itemsApplied", s."openFindings",
    s."waivedFindings", r."name", r."outcome", s."grade", coalesce("states_of"(c."stands"), \'\'), r."teams", r."codeOwners", r."propertyOwners"
  FROM unnest(repositories) repository JOIN "Repository" r ON r."id" = repository
  LEFT JOIN "Scan" s ON s."id" = r."latestScanId" LEFT JOIN "Course" c ON c."repositoryId" = r."id"
  ORDER BY r."id"
  ON CONFLICT ("repositoryId") DO UPDATE SET "orgId" = EXCLUDED."orgId", "gone" = EXCLUDED."gone",
    "public" = EXCLUDED."public", "archived" = EXCLUDED."archived", "slot" = EXCLUDED."slot", "owned" = EXCLUDED."owned",
    "labelled" = EXCLUDED."labelled", "crawledAt" = EXCLUDED."crawledAt",
    "scannedAt" = EXCLUDED."scannedAt", "score" = EXCLUDED."score", "hardening" = EXCLUDED."hardening",
    "scanId" = EXCLUDED."scanId", "itemsMet" = EXCLUDED."itemsMet", "itemsApplied" = EXCLUDED."itemsApplied",
    "openFindings" = EXCLUDED."openFindings", "waivedFindings" = EXCLUDED."waivedFindings", "name" = EXCLUDED."name", "outcome" = EXCLUDED."outcome",
    "grade" = EXCLUDED."grade", "states" = EXCLUDED."states", "teams" = EXCLUDED."teams",
    "codeOwners" = EXCLUDED."codeOwners", "propertyOwners" = EXCLUDED."propertyOwners"\073
END
';

-- Whoever changes what a standing tells of a repository changes the standing in the same transaction, and with the latest
-- scan its course and history. What changed is found by sorting: a plan that is kept from small statements would compare
-- each row of a large one with every other.
CREATE OR REPLACE FUNCTION "keep_standing"() RETURNS TRIGGER LANGUAGE plpgsql AS E'
DECLARE
  changed BIGINT[]\073
  unjudged BIGINT[]\073
  moved INTEGER[]\073
BEGIN
  changed := array(SELECT "id" FROM (
    SELECT "id", "orgId", "goneAt" IS NULL, "visibility", "archived", "crawledAt", "latestScanId", "outcome", "teams",
      "codeOwners", "propertyOwners", "name", "topics", "primaryLanguage", "slot" FROM after
    EXCEPT SELECT "id", "orgId", "goneAt" IS NULL, "visibility", "archived", "crawledAt", "latestScanId", "outcome", "teams",
      "codeOwners", "propertyOwners", "name", "topics", "primaryLanguage", "slot" FROM before) n)\073
  IF cardinality(changed) = 0 THEN
    RETURN NULL\073
  END IF\073
  unjudged := array(SELECT "id" FROM before WHERE "latestScanId" IS NOT NULL
    EXCEPT SELECT "id" FROM after WHERE "latestScanId" IS NOT NULL)\073
  IF cardinality(unjudged) > 0 THEN
    DELETE FROM "Course" WHERE "repositoryId" = ANY(unjudged)\073
    DELETE FROM "ScoreHistory" WHERE "repositoryId" = ANY(unjudged)\073
  END IF\073
  moved := array(SELECT n."latestScanId" FROM (
    SELECT "id", "latestScanId" FROM after EXCEPT SELECT "id", "latestScanId" FROM before) n
    WHERE n."latestScanId" IS NOT NULL)\073
  IF cardinality(moved) > 0 THEN
    PERFORM "take_course"(moved)\073
    PERFORM "take_score"(moved)\073
  END IF\073
  PERFORM "take_standing"(changed)\073
  RETURN NULL\073
END
';

-- What stands there already.
SELECT "take_standing"(array(SELECT "id" FROM "Repository"));

-- CreateTable
CREATE TABLE "Standing" (
    "repositoryId" BIGINT NOT NULL,
    "scanId" INTEGER NOT NULL,
    "scannedAt" TIMESTAMPTZ(3) NOT NULL,
    "score" DOUBLE PRECISION,
    "grade" TEXT,
    "itemsMet" INTEGER NOT NULL,
    "itemsApplied" INTEGER NOT NULL,
    "hardening" DOUBLE PRECISION,
    "openFindings" INTEGER NOT NULL,
    "waivedFindings" INTEGER NOT NULL,
    "states" TEXT[],

    CONSTRAINT "Standing_pkey" PRIMARY KEY ("repositoryId")
);

-- AddForeignKey
ALTER TABLE "Standing" ADD CONSTRAINT "Standing_repositoryId_fkey" FOREIGN KEY ("repositoryId") REFERENCES "Repository"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- The newest scan before a time is found without sorting, and when a checklist was first used without reading every scan.
DROP INDEX "Scan_repositoryId_scannedAt_idx";
CREATE INDEX "Scan_repositoryId_scannedAt_id_idx" ON "Scan"("repositoryId", "scannedAt", "id");
CREATE INDEX "Scan_checklistVersion_scannedAt_idx" ON "Scan"("checklistVersion", "scannedAt");

-- By hand from here on. Open findings by when they came: the newest for the first page, all of them for the API.
CREATE INDEX "Finding_open_idx" ON "Finding"("firstSeen") WHERE "fixedAt" IS NULL;

-- Whoever moves a repository's latest scan moves its standing in the same transaction. `tallied` says what a scan counts
-- for. A semicolon inside a body is written \073.
CREATE FUNCTION "keep_standing"() RETURNS TRIGGER LANGUAGE plpgsql AS E'
BEGIN
  DELETE FROM "Standing" st USING after n WHERE st."repositoryId" = n."id" AND n."latestScanId" IS NULL\073
  INSERT INTO "Standing"
  SELECT n."id", s."id", s."scannedAt", s."score", s."grade", s."itemsMet", s."itemsApplied", s."hardening", s."openFindings",
    s."waivedFindings", array(SELECT t.subject || \' \' || t.state FROM "tallied"(s."id") t WHERE t.subject <> \'score\')
  FROM before o JOIN after n USING ("id") JOIN "Scan" s ON s."id" = n."latestScanId"
  WHERE o."latestScanId" IS DISTINCT FROM n."latestScanId" ORDER BY n."id"
  ON CONFLICT ("repositoryId") DO UPDATE SET "scanId" = EXCLUDED."scanId", "scannedAt" = EXCLUDED."scannedAt",
    "score" = EXCLUDED."score", "grade" = EXCLUDED."grade", "itemsMet" = EXCLUDED."itemsMet",
    "itemsApplied" = EXCLUDED."itemsApplied", "hardening" = EXCLUDED."hardening", "openFindings" = EXCLUDED."openFindings",
    "waivedFindings" = EXCLUDED."waivedFindings", "states" = EXCLUDED."states"\073
  RETURN NULL\073
END
';

CREATE TRIGGER "Repository_standing" AFTER UPDATE ON "Repository"
  REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION "keep_standing"();

-- What stands there already.
INSERT INTO "Standing"
SELECT r."id", s."id", s."scannedAt", s."score", s."grade", s."itemsMet", s."itemsApplied", s."hardening", s."openFindings",
  s."waivedFindings", array(SELECT t.subject || ' ' || t.state FROM "tallied"(s."id") t WHERE t.subject <> 'score')
FROM "Repository" r JOIN "Scan" s ON s."id" = r."latestScanId";

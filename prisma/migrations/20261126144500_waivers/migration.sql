-- AlterTable
ALTER TABLE "Scan" ADD COLUMN "turn" INTEGER NOT NULL DEFAULT 0, ADD COLUMN "waivedFindings" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "CheckResult" ADD COLUMN "outOf" DOUBLE PRECISION, ADD COLUMN "waived" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "Finding" ADD COLUMN "waiverId" INTEGER;

-- CreateTable
CREATE TABLE "Waiver" (
    "id" SERIAL NOT NULL,
    "repositoryId" BIGINT NOT NULL,
    "scope" TEXT NOT NULL,
    "checkId" TEXT,
    "fingerprint" TEXT,
    "path" TEXT,
    "subject" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "words" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "askedAt" TIMESTAMPTZ(3) NOT NULL,
    "askedBy" TEXT NOT NULL,
    "askedName" TEXT NOT NULL,
    "decidedAt" TIMESTAMPTZ(3),
    "decidedName" TEXT,
    "until" TIMESTAMPTZ(3) NOT NULL,
    "laid" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "Waiver_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "WaiverEvent" (
    "id" SERIAL NOT NULL,
    "waiverId" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "name" TEXT NOT NULL,
    "what" TEXT NOT NULL,
    "until" TIMESTAMPTZ(3),
    "words" TEXT NOT NULL,

    CONSTRAINT "WaiverEvent_pkey" PRIMARY KEY ("id")
);

-- DropIndex
DROP INDEX "Scan_snapshotId_checklistVersion_policyHash_key";

-- CreateIndex
CREATE UNIQUE INDEX "Scan_snapshotId_checklistVersion_policyHash_turn_key" ON "Scan"("snapshotId", "checklistVersion", "policyHash", "turn");

-- CreateIndex
CREATE INDEX "Finding_waiverId_idx" ON "Finding"("waiverId");

-- CreateIndex
CREATE INDEX "Waiver_repositoryId_state_idx" ON "Waiver"("repositoryId", "state");

-- CreateIndex
CREATE INDEX "Waiver_state_until_idx" ON "Waiver"("state", "until");

-- CreateIndex
CREATE INDEX "Waiver_laid_until_idx" ON "Waiver"("laid", "until");

-- CreateIndex
CREATE INDEX "WaiverEvent_waiverId_at_idx" ON "WaiverEvent"("waiverId", "at");

-- AddForeignKey
ALTER TABLE "Finding" ADD CONSTRAINT "Finding_waiverId_fkey" FOREIGN KEY ("waiverId") REFERENCES "Waiver"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Waiver" ADD CONSTRAINT "Waiver_repositoryId_fkey" FOREIGN KEY ("repositoryId") REFERENCES "Repository"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "WaiverEvent" ADD CONSTRAINT "WaiverEvent_waiverId_fkey" FOREIGN KEY ("waiverId") REFERENCES "Waiver"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- By hand from here on. Waived is a state of its own, in items between "could not look" and "passes".
CREATE OR REPLACE FUNCTION "tallied"(scan INTEGER) RETURNS TABLE (subject TEXT, state TEXT, points DOUBLE PRECISION) LANGUAGE sql STABLE AS $$
  SELECT 'check:' || c."checkId", c."outcome", c."failing"::float8 FROM "CheckResult" c WHERE c."scanId" = scan
  UNION ALL
  SELECT 'item:' || c."item", CASE
      WHEN bool_or(c."outcome" = 'fail') THEN 'fail'
      WHEN bool_or(c."outcome" IN ('unknown', 'error')) THEN 'unknown'
      WHEN bool_or(c."outcome" = 'waived') THEN 'waived'
      WHEN bool_or(c."outcome" = 'pass') THEN 'pass'
      ELSE 'not-applicable' END, 0
  FROM "CheckResult" c WHERE c."scanId" = scan GROUP BY c."item"
  UNION ALL
  SELECT 'score', '', s."score" FROM "Scan" s WHERE s."id" = scan AND s."score" IS NOT NULL
$$;

-- One wish for one thing at a time: a second one waits for the first to end.
CREATE UNIQUE INDEX "Waiver_open_key" ON "Waiver"("repositoryId", "scope", coalesce("checkId", ''), coalesce("fingerprint", ''), coalesce("path", '')) WHERE "state" = 'asked';

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "Org" (
    "id" SERIAL NOT NULL,
    "login" TEXT NOT NULL,
    "apiUrl" TEXT NOT NULL,
    "webUrl" TEXT NOT NULL,
    "demo" BOOLEAN NOT NULL DEFAULT false,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "sweptAt" TIMESTAMPTZ(3),
    "pushedUntil" TIMESTAMPTZ(3),

    CONSTRAINT "Org_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Repository" (
    "id" BIGINT NOT NULL,
    "orgId" INTEGER NOT NULL,
    "nodeId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "visibility" TEXT NOT NULL,
    "archived" BOOLEAN NOT NULL,
    "fork" BOOLEAN NOT NULL,
    "empty" BOOLEAN NOT NULL,
    "defaultBranch" TEXT,
    "pushedAt" TIMESTAMPTZ(3),
    "topics" TEXT[],
    "primaryLanguage" TEXT,
    "teams" TEXT[],
    "headOid" VARCHAR(64),
    "treeOid" VARCHAR(64),
    "outcome" TEXT,
    "outcomeReason" TEXT,
    "crawledAt" TIMESTAMPTZ(3),
    "missingSince" TIMESTAMPTZ(3),
    "goneAt" TIMESTAMPTZ(3),
    "latestScanId" INTEGER,

    CONSTRAINT "Repository_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Blob" (
    "oid" VARCHAR(64) NOT NULL,
    "size" INTEGER NOT NULL,
    "binary" BOOLEAN NOT NULL,
    "content" BYTEA,
    "unread" TEXT,
    "fetchedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Blob_pkey" PRIMARY KEY ("oid")
);

-- CreateTable
CREATE TABLE "Tree" (
    "oid" VARCHAR(64) NOT NULL,
    "entries" BYTEA NOT NULL,
    "count" INTEGER NOT NULL,
    "complete" BOOLEAN NOT NULL,
    "leftOut" JSONB NOT NULL DEFAULT '[]',
    "unread" JSONB NOT NULL,
    "fetchedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Tree_pkey" PRIMARY KEY ("oid")
);

-- CreateTable
CREATE TABLE "RepositoryFile" (
    "id" BIGSERIAL NOT NULL,
    "treeOid" VARCHAR(64) NOT NULL,
    "path" TEXT NOT NULL,
    "mode" TEXT NOT NULL,
    "blobOid" VARCHAR(64) NOT NULL,

    CONSTRAINT "RepositoryFile_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Snapshot" (
    "id" SERIAL NOT NULL,
    "repositoryId" BIGINT NOT NULL,
    "headOid" VARCHAR(64) NOT NULL,
    "treeOid" VARCHAR(64) NOT NULL,
    "takenAt" TIMESTAMPTZ(3) NOT NULL,
    "unread" JSONB NOT NULL,
    "releases" JSONB,
    "settings" JSONB,
    "refs" JSONB NOT NULL,

    CONSTRAINT "Snapshot_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Scan" (
    "id" SERIAL NOT NULL,
    "repositoryId" BIGINT NOT NULL,
    "snapshotId" INTEGER NOT NULL,
    "scannedAt" TIMESTAMPTZ(3) NOT NULL,
    "checklistVersion" TEXT NOT NULL,
    "policyHash" TEXT NOT NULL,
    "score" DOUBLE PRECISION,
    "grade" TEXT,
    "itemsMet" INTEGER NOT NULL,
    "itemsApplied" INTEGER NOT NULL,
    "hardening" DOUBLE PRECISION,
    "openFindings" INTEGER NOT NULL,
    "items" JSONB NOT NULL,
    "leftOut" JSONB NOT NULL,
    "couldNotRead" JSONB NOT NULL,

    CONSTRAINT "Scan_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "CheckResult" (
    "scanId" INTEGER NOT NULL,
    "checkId" TEXT NOT NULL,
    "item" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "outcome" TEXT NOT NULL,
    "reason" TEXT,
    "examined" INTEGER NOT NULL,
    "failing" INTEGER NOT NULL,
    "value" DOUBLE PRECISION,
    "notes" TEXT[],

    CONSTRAINT "CheckResult_pkey" PRIMARY KEY ("scanId","checkId")
);

-- CreateTable
CREATE TABLE "Finding" (
    "id" BIGSERIAL NOT NULL,
    "repositoryId" BIGINT NOT NULL,
    "checkId" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "startLine" INTEGER NOT NULL,
    "endLine" INTEGER NOT NULL,
    "excerpt" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "weight" DOUBLE PRECISION NOT NULL,
    "patch" JSONB,
    "firstSeen" TIMESTAMPTZ(3) NOT NULL,
    "firstCommit" VARCHAR(64) NOT NULL,
    "lastSeen" TIMESTAMPTZ(3) NOT NULL,
    "fixedAt" TIMESTAMPTZ(3),
    "fixedCommit" VARCHAR(64),

    CONSTRAINT "Finding_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "CrawlRun" (
    "id" SERIAL NOT NULL,
    "orgId" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "reason" TEXT,
    "startedAt" TIMESTAMPTZ(3) NOT NULL,
    "finishedAt" TIMESTAMPTZ(3),
    "total" INTEGER NOT NULL DEFAULT 0,
    "rest" INTEGER NOT NULL DEFAULT 0,
    "points" INTEGER NOT NULL DEFAULT 0,
    "git" INTEGER NOT NULL DEFAULT 0,
    "budget" JSONB,

    CONSTRAINT "CrawlRun_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "CrawlOutcome" (
    "runId" INTEGER NOT NULL,
    "repositoryId" BIGINT NOT NULL,
    "name" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "reason" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "CrawlOutcome_pkey" PRIMARY KEY ("runId","repositoryId")
);

-- CreateTable
CREATE TABLE "ActionRef" (
    "id" TEXT NOT NULL,
    "commit" VARCHAR(64),
    "version" TEXT,
    "checkedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "ActionRef_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Capability" (
    "orgId" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "reason" TEXT,
    "checkedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Capability_pkey" PRIMARY KEY ("orgId","name")
);

-- CreateIndex
CREATE UNIQUE INDEX "Org_apiUrl_login_key" ON "Org"("apiUrl", "login");

-- CreateIndex
CREATE UNIQUE INDEX "Repository_latestScanId_key" ON "Repository"("latestScanId");

-- CreateIndex
CREATE INDEX "Repository_orgId_name_idx" ON "Repository"("orgId", "name");

-- CreateIndex
CREATE INDEX "Repository_orgId_pushedAt_idx" ON "Repository"("orgId", "pushedAt");

-- CreateIndex
CREATE INDEX "RepositoryFile_treeOid_idx" ON "RepositoryFile"("treeOid");

-- CreateIndex
CREATE INDEX "RepositoryFile_blobOid_idx" ON "RepositoryFile"("blobOid");

-- CreateIndex
CREATE INDEX "Snapshot_repositoryId_takenAt_idx" ON "Snapshot"("repositoryId", "takenAt");

-- CreateIndex
CREATE INDEX "Scan_repositoryId_scannedAt_idx" ON "Scan"("repositoryId", "scannedAt");

-- CreateIndex
CREATE UNIQUE INDEX "Scan_snapshotId_checklistVersion_policyHash_key" ON "Scan"("snapshotId", "checklistVersion", "policyHash");

-- CreateIndex
CREATE INDEX "CheckResult_checkId_outcome_idx" ON "CheckResult"("checkId", "outcome");

-- CreateIndex
CREATE INDEX "Finding_repositoryId_checkId_idx" ON "Finding"("repositoryId", "checkId");

-- CreateIndex
CREATE INDEX "Finding_checkId_fixedAt_idx" ON "Finding"("checkId", "fixedAt");

-- CreateIndex
CREATE INDEX "CrawlRun_orgId_startedAt_idx" ON "CrawlRun"("orgId", "startedAt");

-- CreateIndex
CREATE INDEX "CrawlOutcome_runId_outcome_idx" ON "CrawlOutcome"("runId", "outcome");

-- AddForeignKey
ALTER TABLE "Repository" ADD CONSTRAINT "Repository_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Repository" ADD CONSTRAINT "Repository_latestScanId_fkey" FOREIGN KEY ("latestScanId") REFERENCES "Scan"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "RepositoryFile" ADD CONSTRAINT "RepositoryFile_treeOid_fkey" FOREIGN KEY ("treeOid") REFERENCES "Tree"("oid") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Snapshot" ADD CONSTRAINT "Snapshot_repositoryId_fkey" FOREIGN KEY ("repositoryId") REFERENCES "Repository"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Snapshot" ADD CONSTRAINT "Snapshot_treeOid_fkey" FOREIGN KEY ("treeOid") REFERENCES "Tree"("oid") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Scan" ADD CONSTRAINT "Scan_repositoryId_fkey" FOREIGN KEY ("repositoryId") REFERENCES "Repository"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Scan" ADD CONSTRAINT "Scan_snapshotId_fkey" FOREIGN KEY ("snapshotId") REFERENCES "Snapshot"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "CheckResult" ADD CONSTRAINT "CheckResult_scanId_fkey" FOREIGN KEY ("scanId") REFERENCES "Scan"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Finding" ADD CONSTRAINT "Finding_repositoryId_fkey" FOREIGN KEY ("repositoryId") REFERENCES "Repository"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "CrawlRun" ADD CONSTRAINT "CrawlRun_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "CrawlOutcome" ADD CONSTRAINT "CrawlOutcome_runId_fkey" FOREIGN KEY ("runId") REFERENCES "CrawlRun"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Capability" ADD CONSTRAINT "Capability_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- By hand, as the schema language has no words for it: at most one open row per finding.
CREATE UNIQUE INDEX "Finding_open_key" ON "Finding"("repositoryId", "checkId", "fingerprint") WHERE "fixedAt" IS NULL;

-- Compressed already: the server shall not try again.
ALTER TABLE "Blob" ALTER COLUMN "content" SET STORAGE EXTERNAL;
ALTER TABLE "Tree" ALTER COLUMN "entries" SET STORAGE EXTERNAL;

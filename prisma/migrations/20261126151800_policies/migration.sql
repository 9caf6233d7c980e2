-- CreateTable
CREATE TABLE "PolicyVersion" (
    "orgId" INTEGER NOT NULL,
    "number" INTEGER NOT NULL,
    "text" TEXT NOT NULL,
    "savedAt" TIMESTAMPTZ(3) NOT NULL,
    "savedBy" TEXT NOT NULL,
    "savedName" TEXT NOT NULL,
    "note" TEXT NOT NULL,
    "moved" INTEGER NOT NULL,

    CONSTRAINT "PolicyVersion_pkey" PRIMARY KEY ("orgId","number")
);

-- CreateTable
CREATE TABLE "PolicyTrial" (
    "id" SERIAL NOT NULL,
    "orgId" INTEGER NOT NULL,
    "text" TEXT NOT NULL,
    "basedOn" INTEGER NOT NULL,
    "askedAt" TIMESTAMPTZ(3) NOT NULL,
    "askedBy" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "reason" TEXT,
    "total" INTEGER NOT NULL DEFAULT 0,
    "done" INTEGER NOT NULL DEFAULT 0,
    "moved" JSONB NOT NULL DEFAULT '[]',

    CONSTRAINT "PolicyTrial_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "PolicyTrial_orgId_state_idx" ON "PolicyTrial"("orgId", "state");

-- AddForeignKey
ALTER TABLE "PolicyVersion" ADD CONSTRAINT "PolicyVersion_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "PolicyTrial" ADD CONSTRAINT "PolicyTrial_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE CASCADE ON UPDATE CASCADE;

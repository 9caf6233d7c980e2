-- CreateTable
CREATE TABLE "Inventory" (
    "blobOid" VARCHAR(64) NOT NULL,
    "version" INTEGER NOT NULL,
    "packages" INTEGER[],
    "packageLines" INTEGER[],
    "hashed" BOOLEAN[],
    "actions" INTEGER[],
    "actionLines" INTEGER[],

    CONSTRAINT "Inventory_pkey" PRIMARY KEY ("blobOid")
);

-- CreateTable
CREATE TABLE "Package" (
    "id" SERIAL NOT NULL,
    "purl" TEXT NOT NULL,
    "base" TEXT NOT NULL,
    "ecosystem" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "version" TEXT,

    CONSTRAINT "Package_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Action" (
    "id" SERIAL NOT NULL,
    "uses" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "base" TEXT NOT NULL,
    "ref" TEXT,
    "refId" TEXT,
    "pinned" BOOLEAN NOT NULL,

    CONSTRAINT "Action_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "Inventory_packages_idx" ON "Inventory" USING GIN ("packages");

-- CreateIndex
CREATE INDEX "Inventory_actions_idx" ON "Inventory" USING GIN ("actions");

-- CreateIndex
CREATE UNIQUE INDEX "Package_purl_key" ON "Package"("purl");

-- CreateIndex
CREATE INDEX "Package_base_idx" ON "Package"("base");

-- CreateIndex
CREATE UNIQUE INDEX "Action_uses_version_key" ON "Action"("uses", "version");

-- CreateIndex
CREATE INDEX "Action_base_idx" ON "Action"("base");

-- CreateIndex
CREATE INDEX "Repository_treeOid_idx" ON "Repository"("treeOid");

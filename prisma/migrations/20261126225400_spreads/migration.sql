-- AlterTable
ALTER TABLE "Repository" ADD COLUMN "slot" INTEGER;

-- CreateTable
CREATE TABLE "Holding" (
    "repositoryId" BIGINT NOT NULL,
    "packages" INTEGER[],
    "actions" INTEGER[],

    CONSTRAINT "Holding_pkey" PRIMARY KEY ("repositoryId")
);

-- CreateTable
CREATE TABLE "PackageSpread" (
    "packageId" INTEGER NOT NULL,
    "chunk" INTEGER NOT NULL,
    "users" bit(1024) NOT NULL,

    CONSTRAINT "PackageSpread_pkey" PRIMARY KEY ("packageId","chunk")
);

-- CreateTable
CREATE TABLE "ActionSpread" (
    "actionId" INTEGER NOT NULL,
    "chunk" INTEGER NOT NULL,
    "users" bit(1024) NOT NULL,

    CONSTRAINT "ActionSpread_pkey" PRIMARY KEY ("actionId","chunk")
);

-- CreateIndex
CREATE UNIQUE INDEX "Repository_slot_key" ON "Repository"("slot");

-- AddForeignKey
ALTER TABLE "Holding" ADD CONSTRAINT "Holding_repositoryId_fkey" FOREIGN KEY ("repositoryId") REFERENCES "Repository"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- By hand from here on. A slot is never another repository's, so that no bit outlives the one that it stands for.
CREATE SEQUENCE "Repository_slot_seq" AS INTEGER MINVALUE 0 OWNED BY "Repository"."slot";
ALTER TABLE "PackageSpread" SET (fillfactor = 70);
ALTER TABLE "ActionSpread" SET (fillfactor = 70);

-- Whoever judged repositories tells here what they hold now. What they held before stands in Holding: where the two differ
-- a bit is turned over. One at a time, so that bits and holdings agree. A semicolon inside a body is written \073.
CREATE FUNCTION "keep_holdings"(repositories BIGINT[]) RETURNS VOID LANGUAGE plpgsql AS E'
BEGIN
  PERFORM pg_advisory_xact_lock(7586113208)\073
  UPDATE "Repository" SET "slot" = nextval(\'"Repository_slot_seq"\') FROM (
    SELECT "id" FROM "Repository" WHERE "id" = ANY(repositories) AND "slot" IS NULL ORDER BY "id" FOR UPDATE) fresh
  WHERE "Repository"."id" = fresh."id"\073
  WITH held AS MATERIALIZED (
    SELECT r."id", r."slot",
      array(SELECT DISTINCT u FROM "RepositoryFile" f JOIN "Inventory" i ON i."blobOid" = f."blobOid"
        CROSS JOIN LATERAL unnest(i."packages") u
        WHERE f."treeOid" = r."treeOid" AND f."mode" IN (\'100644\', \'100755\')) AS "packages",
      array(SELECT DISTINCT u FROM "RepositoryFile" f JOIN "Inventory" i ON i."blobOid" = f."blobOid"
        CROSS JOIN LATERAL unnest(i."actions") u
        WHERE f."treeOid" = r."treeOid" AND f."mode" IN (\'100644\', \'100755\')) AS "actions"
    FROM "Repository" r WHERE r."id" = ANY(repositories)),
  sides AS MATERIALIZED (
    SELECT "slot", "packages", "actions" FROM held
    UNION ALL
    SELECT held."slot", h."packages", h."actions" FROM held JOIN "Holding" h ON h."repositoryId" = held."id"),
  packages AS (
    INSERT INTO "PackageSpread" ("packageId", "chunk", "users")
    SELECT u, "slot" / 1024, bit_or(set_bit(0::bit(1024), "slot" % 1024, 1)) FROM (
      SELECT "slot", u FROM sides CROSS JOIN LATERAL unnest("packages") u GROUP BY "slot", u HAVING count(*) = 1) turned
    GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT ("packageId", "chunk") DO UPDATE SET "users" = "PackageSpread"."users" # EXCLUDED."users"),
  actions AS (
    INSERT INTO "ActionSpread" ("actionId", "chunk", "users")
    SELECT u, "slot" / 1024, bit_or(set_bit(0::bit(1024), "slot" % 1024, 1)) FROM (
      SELECT "slot", u FROM sides CROSS JOIN LATERAL unnest("actions") u GROUP BY "slot", u HAVING count(*) = 1) turned
    GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT ("actionId", "chunk") DO UPDATE SET "users" = "ActionSpread"."users" # EXCLUDED."users")
  INSERT INTO "Holding" ("repositoryId", "packages", "actions")
  SELECT "id", "packages", "actions" FROM held ORDER BY "id"
  ON CONFLICT ("repositoryId") DO UPDATE SET "packages" = EXCLUDED."packages", "actions" = EXCLUDED."actions"
  WHERE ("Holding"."packages", "Holding"."actions") IS DISTINCT FROM (EXCLUDED."packages", EXCLUDED."actions")\073
END
';

-- What stands there already. Nothing but the slot changes, so that the figures kept by triggers have nothing to keep.
ALTER TABLE "Repository" DISABLE TRIGGER USER;
SELECT "keep_holdings"(array(SELECT "id" FROM "Repository" WHERE "treeOid" IS NOT NULL ORDER BY "id"));
ALTER TABLE "Repository" ENABLE TRIGGER USER;

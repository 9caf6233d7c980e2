-- AlterTable
ALTER TABLE "RepositoryAccess" ADD COLUMN "writes" BOOLEAN NOT NULL DEFAULT false;

-- Whose rights were known is asked at once what else GitHub lets them do, and until then they keep what they saw.
UPDATE "User" SET "accessAt" = "accessAt" - INTERVAL '1 hour';

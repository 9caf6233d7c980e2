-- AlterTable
ALTER TABLE "Tree" ADD COLUMN "folders" BYTEA;

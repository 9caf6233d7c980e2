-- AlterTable
ALTER TABLE "Repository" ADD COLUMN "protection" JSONB;

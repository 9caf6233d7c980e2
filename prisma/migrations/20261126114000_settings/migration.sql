-- AlterTable
ALTER TABLE "Org" ADD COLUMN     "settingsAt" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "Repository" ADD COLUMN     "settings" JSONB,
ADD COLUMN     "settingsAt" TIMESTAMPTZ(3);

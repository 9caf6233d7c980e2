-- AlterTable
ALTER TABLE "Org" ADD COLUMN     "testAskedAt" TIMESTAMPTZ(3),
ADD COLUMN     "tested" JSONB,
ADD COLUMN     "testedAt" TIMESTAMPTZ(3);

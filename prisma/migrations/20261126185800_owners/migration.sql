-- AlterTable
ALTER TABLE "Repository" ADD COLUMN "codeOwners" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN "propertyOwners" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- AlterTable
ALTER TABLE "User" ADD COLUMN "teams" TEXT[] DEFAULT ARRAY[]::TEXT[];

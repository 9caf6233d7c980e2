ALTER TABLE "Repository" ADD COLUMN "properties" JSONB NOT NULL DEFAULT '{}';

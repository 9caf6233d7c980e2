-- Whoever calls a repository writes its name as they like.
CREATE INDEX "Repository_called_idx" ON "Repository"("orgId", lower("name"));

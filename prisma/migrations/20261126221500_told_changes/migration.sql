-- By hand. Every transaction that changes what open pages show says so, once, when it is committed: the web servers listen
-- (lib/store/changes.ts). It tells nothing but that. A semicolon inside a body is written \073.
CREATE FUNCTION "tell_change"() RETURNS TRIGGER LANGUAGE plpgsql AS E'
BEGIN
  PERFORM pg_notify(\'plumbline\', \'\')\073
  RETURN NULL\073
END
';

CREATE TRIGGER "CrawlRun_told" AFTER INSERT OR UPDATE OR DELETE ON "CrawlRun"
  FOR EACH STATEMENT EXECUTE FUNCTION "tell_change"();
CREATE TRIGGER "CrawlOutcome_told" AFTER INSERT OR UPDATE OR DELETE ON "CrawlOutcome"
  FOR EACH STATEMENT EXECUTE FUNCTION "tell_change"();
CREATE TRIGGER "RepositoryHint_told" AFTER INSERT OR UPDATE OR DELETE ON "RepositoryHint"
  FOR EACH STATEMENT EXECUTE FUNCTION "tell_change"();
CREATE TRIGGER "Snapshot_told" AFTER INSERT ON "Snapshot"
  FOR EACH STATEMENT EXECUTE FUNCTION "tell_change"();
CREATE TRIGGER "Repository_told" AFTER UPDATE ON "Repository"
  FOR EACH STATEMENT EXECUTE FUNCTION "tell_change"();

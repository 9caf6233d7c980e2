-- What GitHub lets a person do is kept also of repositories that no crawl has listed yet.
ALTER TABLE "RepositoryAccess" DROP CONSTRAINT "RepositoryAccess_repositoryId_fkey";

-- Whose budget an organisation is crawled on, as its worker knows it.
ALTER TABLE "Org" ADD COLUMN "account" TEXT;

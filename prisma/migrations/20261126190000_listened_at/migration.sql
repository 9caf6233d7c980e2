-- When pushes were last listened for: whichever worker's turn it is, one of them asks.
ALTER TABLE "Org" ADD COLUMN "listenedAt" TIMESTAMPTZ(3);

-- CreateTable: what is lost with it in a crash is only who asked how often in the last minute, so no log is written of it.
CREATE UNLOGGED TABLE "RequestBucket" (
    "key" TEXT NOT NULL,
    "level" DOUBLE PRECISION NOT NULL,
    "took" BOOLEAN NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "RequestBucket_pkey" PRIMARY KEY ("key")
);

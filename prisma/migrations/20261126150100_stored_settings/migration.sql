-- CreateTable
CREATE TABLE "StoredSetting" (
    "name" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "setAt" TIMESTAMPTZ(3) NOT NULL,
    "setBy" TEXT NOT NULL,

    CONSTRAINT "StoredSetting_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "Budget" (
    "account" TEXT NOT NULL,
    "resource" TEXT NOT NULL,
    "limit" INTEGER,
    "remaining" INTEGER,
    "resetAt" TIMESTAMPTZ(3),
    "pausedUntil" TIMESTAMPTZ(3),
    "heldBy" TEXT,
    "heldUntil" TIMESTAMPTZ(3),

    CONSTRAINT "Budget_pkey" PRIMARY KEY ("account","resource")
);

-- CreateTable
CREATE TABLE "BudgetUser" (
    "account" TEXT NOT NULL,
    "worker" TEXT NOT NULL,
    "seenAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "BudgetUser_pkey" PRIMARY KEY ("account","worker")
);

-- CreateTable
CREATE TABLE "TallyTotal" (
    "orgId" INTEGER NOT NULL,
    "subject" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "repositories" INTEGER NOT NULL,
    "points" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "TallyTotal_pkey" PRIMARY KEY ("orgId","subject","state")
);

-- AddForeignKey
ALTER TABLE "TallyTotal" ADD CONSTRAINT "TallyTotal_orgId_fkey" FOREIGN KEY ("orgId") REFERENCES "Org"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- By hand from here on. Whatever changes the tallies changes their totals, in the order of the key, so that two writers
-- never lock each other. A semicolon inside a body is written \073.
CREATE FUNCTION "keep_total"() RETURNS TRIGGER LANGUAGE plpgsql AS E'
BEGIN
  IF TG_OP = \'INSERT\' THEN
    INSERT INTO "TallyTotal" ("orgId", "subject", "state", "repositories", "points")
    SELECT "orgId", "subject", "state", sum("change"), sum("points") FROM after GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT ("orgId", "subject", "state") DO UPDATE
      SET "repositories" = "TallyTotal"."repositories" + EXCLUDED."repositories", "points" = "TallyTotal"."points" + EXCLUDED."points"\073
  ELSE
    INSERT INTO "TallyTotal" ("orgId", "subject", "state", "repositories", "points")
    SELECT "orgId", "subject", "state", sum("change"), sum("points") FROM (
      SELECT "orgId", "subject", "state", "change", "points" FROM after
      UNION ALL SELECT "orgId", "subject", "state", -"change", -"points" FROM before) moved GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT ("orgId", "subject", "state") DO UPDATE
      SET "repositories" = "TallyTotal"."repositories" + EXCLUDED."repositories", "points" = "TallyTotal"."points" + EXCLUDED."points"\073
  END IF\073
  RETURN NULL\073
END
';

CREATE TRIGGER "Tally_total_begun" AFTER INSERT ON "Tally"
  REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION "keep_total"();
CREATE TRIGGER "Tally_total" AFTER UPDATE ON "Tally"
  REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION "keep_total"();

-- What stands there already.
INSERT INTO "TallyTotal" ("orgId", "subject", "state", "repositories", "points")
SELECT "orgId", "subject", "state", sum("change"), sum("points") FROM "Tally" GROUP BY 1, 2, 3;

-- Every scan changes a row of each, and every list reads all of them: a page half full takes the new row beside the old one,
-- whose place the next takes. Packed to the brim the tables would grow with each scan, and nobody tidies the embedded database.
ALTER TABLE "Repository" SET (fillfactor = 50);
ALTER TABLE "Standing" SET (fillfactor = 50);

-- What stands there already is packed anew.
CLUSTER "Repository" USING "Repository_pkey";
CLUSTER "Standing" USING "Standing_pkey";

-- Packages are looked for by what their name, or its last part, begins with.
CREATE INDEX "Package_name_begins_idx" ON "Package" (lower("name") text_pattern_ops);
CREATE INDEX "Package_last_part_begins_idx" ON "Package" (lower(regexp_replace("name", '^.*[/:]', '')) text_pattern_ops);

-- Rows of these are changed all the time, and seldom in a column that an index is over. With room for it beside the old one,
-- a new version of a row stays on its page, and no index has to be told.
ALTER TABLE "boot"."nodes" SET (fillfactor = 50);--> statement-breakpoint
ALTER TABLE "boot"."endpoint_access" SET (fillfactor = 50);

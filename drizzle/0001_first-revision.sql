-- The one row that every write locks and counts up.
INSERT INTO "boot"."store_revision" ("id", "revision", "write_id") VALUES (1, 0, gen_random_uuid()) ON CONFLICT DO NOTHING;

CREATE TABLE "boot"."recent_writes" (
	"write_id" uuid PRIMARY KEY NOT NULL,
	"revision" bigint,
	"noted_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE INDEX "recent_writes_noted_at" ON "boot"."recent_writes" USING btree ("noted_at");
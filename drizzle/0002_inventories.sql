CREATE TABLE "boot"."inventory_copy" (
	"id" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"source" text NOT NULL,
	"as_of" timestamp with time zone,
	CONSTRAINT "inventory_copy_is_one_row" CHECK ("boot"."inventory_copy"."id" = 1)
);
--> statement-breakpoint
CREATE TABLE "boot"."own_inventory" (
	"kind" text NOT NULL,
	"id" text NOT NULL,
	"xnames" text[] NOT NULL,
	"macs" "macaddr"[] NOT NULL,
	"addresses" "inet"[] NOT NULL,
	"nids" integer[] NOT NULL,
	"hostnames" text[] NOT NULL,
	"names" text[] NOT NULL,
	"document" jsonb NOT NULL,
	"revision" bigint NOT NULL,
	CONSTRAINT "own_inventory_kind_id_pk" PRIMARY KEY("kind","id"),
	CONSTRAINT "own_inventory_kind" CHECK ("boot"."own_inventory"."kind" in ('component', 'interface', 'redfish endpoint', 'component endpoint', 'group'))
);
--> statement-breakpoint
DROP INDEX "boot"."inventory_components_macs";--> statement-breakpoint
DROP INDEX "boot"."inventory_components_addresses";--> statement-breakpoint
DROP INDEX "boot"."inventory_components_nid";--> statement-breakpoint
ALTER TABLE "boot"."inventory_components" ADD COLUMN "component" jsonb NOT NULL;--> statement-breakpoint
CREATE INDEX "own_inventory_xnames" ON "boot"."own_inventory" USING gin ("xnames") WITH (fastupdate=false);--> statement-breakpoint
CREATE INDEX "own_inventory_macs" ON "boot"."own_inventory" USING gin ("macs") WITH (fastupdate=false);--> statement-breakpoint
CREATE INDEX "own_inventory_addresses" ON "boot"."own_inventory" USING gin ("addresses") WITH (fastupdate=false);--> statement-breakpoint
CREATE INDEX "own_inventory_nids" ON "boot"."own_inventory" USING gin ("nids") WITH (fastupdate=false);--> statement-breakpoint
CREATE INDEX "own_inventory_hostnames" ON "boot"."own_inventory" USING gin ("hostnames") WITH (fastupdate=false);--> statement-breakpoint
ALTER TABLE "boot"."inventory_components" DROP COLUMN "nid";--> statement-breakpoint
ALTER TABLE "boot"."inventory_components" DROP COLUMN "macs";--> statement-breakpoint
ALTER TABLE "boot"."inventory_components" DROP COLUMN "addresses";--> statement-breakpoint
ALTER TABLE "boot"."inventory_components" DROP COLUMN "fqdn";--> statement-breakpoint
ALTER TABLE "boot"."inventory_components" DROP COLUMN "role";--> statement-breakpoint
ALTER TABLE "boot"."inventory_components" DROP COLUMN "sub_role";--> statement-breakpoint
ALTER TABLE "boot"."inventory_components" DROP COLUMN "state";--> statement-breakpoint
ALTER TABLE "boot"."inventory_components" DROP COLUMN "enabled";--> statement-breakpoint
ALTER TABLE "boot"."inventory_components" DROP COLUMN "groups";
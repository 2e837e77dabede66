CREATE SCHEMA "boot";
--> statement-breakpoint
CREATE TABLE "boot"."boot_configs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kernel_uri" text,
	"initrd_uri" text,
	"cmdline" text,
	"meta_data" jsonb,
	"user_data" jsonb,
	CONSTRAINT "boot_configs_absent_is_null" CHECK ("boot"."boot_configs"."kernel_uri" <> '' and "boot"."boot_configs"."initrd_uri" <> '' and "boot"."boot_configs"."cmdline" <> '')
);
--> statement-breakpoint
CREATE TABLE "boot"."boot_group_assignments" (
	"node_id" uuid PRIMARY KEY NOT NULL,
	"boot_group_id" uuid NOT NULL,
	"referral_token" uuid
);
--> statement-breakpoint
CREATE TABLE "boot"."boot_groups" (
	"id" uuid PRIMARY KEY NOT NULL,
	"boot_config_id" uuid NOT NULL,
	"name" text,
	"description" text,
	"priority" integer DEFAULT 0 NOT NULL,
	"referral_token" uuid,
	"revision" bigint NOT NULL,
	CONSTRAINT "boot_groups_name_unique" UNIQUE("name")
);
--> statement-breakpoint
CREATE TABLE "boot"."boot_images" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"uri" text NOT NULL,
	"params" text NOT NULL,
	"revision" bigint NOT NULL,
	CONSTRAINT "boot_images_kind" CHECK ("boot"."boot_images"."kind" in ('kernel', 'initrd'))
);
--> statement-breakpoint
CREATE TABLE "boot"."endpoint_access" (
	"name" text NOT NULL,
	"endpoint" text NOT NULL,
	"last_epoch" bigint NOT NULL,
	CONSTRAINT "endpoint_access_name_endpoint_pk" PRIMARY KEY("name","endpoint")
);
--> statement-breakpoint
CREATE TABLE "boot"."inventory_components" (
	"xname" text PRIMARY KEY NOT NULL,
	"nid" integer,
	"macs" "macaddr"[] NOT NULL,
	"addresses" "inet"[] NOT NULL,
	"fqdn" text,
	"role" text,
	"sub_role" text,
	"state" text,
	"enabled" boolean NOT NULL,
	"groups" text[] NOT NULL,
	"seen_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "boot"."nodes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"boot_mac" "macaddr",
	"xname" text,
	"nid" integer,
	"resolved_xname" text,
	"phone_home" jsonb,
	"revision" bigint NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "nodes_boot_mac_unique" UNIQUE("boot_mac"),
	CONSTRAINT "nodes_xname_unique" UNIQUE("xname"),
	CONSTRAINT "nodes_nid_unique" UNIQUE("nid"),
	CONSTRAINT "nodes_resolved_xname_unique" UNIQUE("resolved_xname"),
	CONSTRAINT "nodes_have_an_identifier" CHECK (num_nonnulls("boot"."nodes"."boot_mac", "boot"."nodes"."xname", "boot"."nodes"."nid") > 0)
);
--> statement-breakpoint
CREATE TABLE "boot"."store_revision" (
	"id" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"revision" bigint DEFAULT 0 NOT NULL,
	"write_id" uuid NOT NULL,
	CONSTRAINT "store_revision_is_one_row" CHECK ("boot"."store_revision"."id" = 1)
);
--> statement-breakpoint
ALTER TABLE "boot"."boot_group_assignments" ADD CONSTRAINT "boot_group_assignments_node_id_nodes_id_fk" FOREIGN KEY ("node_id") REFERENCES "boot"."nodes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "boot"."boot_group_assignments" ADD CONSTRAINT "boot_group_assignments_boot_group_id_boot_groups_id_fk" FOREIGN KEY ("boot_group_id") REFERENCES "boot"."boot_groups"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "boot"."boot_groups" ADD CONSTRAINT "boot_groups_boot_config_id_boot_configs_id_fk" FOREIGN KEY ("boot_config_id") REFERENCES "boot"."boot_configs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "boot_configs_kernel_uri" ON "boot"."boot_configs" USING hash ("kernel_uri");--> statement-breakpoint
CREATE INDEX "boot_configs_initrd_uri" ON "boot"."boot_configs" USING hash ("initrd_uri");--> statement-breakpoint
CREATE INDEX "boot_group_assignments_boot_group" ON "boot"."boot_group_assignments" USING btree ("boot_group_id");--> statement-breakpoint
CREATE INDEX "boot_groups_boot_config" ON "boot"."boot_groups" USING btree ("boot_config_id");--> statement-breakpoint
CREATE UNIQUE INDEX "boot_groups_nameless" ON "boot"."boot_groups" USING btree ("boot_config_id") WHERE "boot"."boot_groups"."name" is null;--> statement-breakpoint
CREATE INDEX "boot_images_uri" ON "boot"."boot_images" USING hash ("uri");--> statement-breakpoint
CREATE INDEX "inventory_components_macs" ON "boot"."inventory_components" USING gin ("macs");--> statement-breakpoint
CREATE INDEX "inventory_components_addresses" ON "boot"."inventory_components" USING gin ("addresses");--> statement-breakpoint
CREATE INDEX "inventory_components_nid" ON "boot"."inventory_components" USING btree ("nid");
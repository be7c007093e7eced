CREATE TABLE "delivery_pauses" (
	"scope" text NOT NULL,
	"tenant_id" text collate "C" NOT NULL,
	"value" text collate "C" NOT NULL,
	"by" text collate "C" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "delivery_pauses_pk" PRIMARY KEY("scope","tenant_id","value")
);
--> statement-breakpoint
CREATE TABLE "delivery_sites" (
	"key" text collate "C" PRIMARY KEY NOT NULL,
	"domain" text collate "C" NOT NULL,
	"state" jsonb NOT NULL,
	"tls_level" text collate "C",
	"clear_until" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sts_policies" (
	"domain" text collate "C" PRIMARY KEY NOT NULL,
	"policy" jsonb,
	"record_id" text collate "C",
	"fetched_at" timestamp (3) with time zone,
	"tried_at" timestamp (3) with time zone,
	"failed_at" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "reported_at" timestamp (3) with time zone;--> statement-breakpoint
CREATE INDEX "deliveries_unreported_idx" ON "deliveries" USING btree ("ended_at") WHERE ended_at is not null and reported_at is null;--> statement-breakpoint
CREATE INDEX "deliveries_late_idx" ON "deliveries" USING btree ("created_at") WHERE state in ('queued', 'deferred') and noticed_at is null;--> statement-breakpoint
CREATE INDEX "deliveries_expiry_idx" ON "deliveries" USING btree ("domain","expires_at") WHERE state in ('queued', 'deferred');
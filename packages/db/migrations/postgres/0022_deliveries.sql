CREATE TABLE "deliveries" (
	"tenant_id" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"outgoing_id" text collate "C" NOT NULL,
	"recipient" text collate "C" NOT NULL,
	"address" text collate "C" NOT NULL,
	"domain" text collate "C" NOT NULL,
	"notify" jsonb,
	"orcpt" jsonb,
	"state" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"failures" integer DEFAULT 0 NOT NULL,
	"rescues" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"last_reply" text collate "C" DEFAULT '' NOT NULL,
	"reason" text collate "C" DEFAULT '' NOT NULL,
	"leased_until" timestamp (3) with time zone,
	"fence" integer DEFAULT 0 NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"noticed_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "deliveries_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "delivery_attempts" (
	"tenant_id" text collate "C" NOT NULL,
	"delivery_id" text collate "C" NOT NULL,
	"number" integer NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"result" text,
	"host" text collate "C" DEFAULT '' NOT NULL,
	"remote_address" text collate "C" DEFAULT '' NOT NULL,
	"tls" text collate "C" DEFAULT '' NOT NULL,
	"reply" text collate "C" DEFAULT '' NOT NULL,
	"conversation" text collate "C" DEFAULT '' NOT NULL,
	CONSTRAINT "delivery_attempts_pk" PRIMARY KEY("tenant_id","delivery_id","number")
);
--> statement-breakpoint
CREATE TABLE "outgoing" (
	"tenant_id" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"journey_id" text collate "C" NOT NULL,
	"user_id" text collate "C",
	"blob_key" text collate "C",
	"size" bigint NOT NULL,
	"header" text collate "C" DEFAULT '' NOT NULL,
	"return_path" text collate "C" NOT NULL,
	"sender" text collate "C" NOT NULL,
	"message_id_header" text collate "C",
	"eight_bit" boolean NOT NULL,
	"smtp_utf8" boolean NOT NULL,
	"ret" text,
	"envid" text collate "C",
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "outgoing_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_outgoing_fk" FOREIGN KEY ("tenant_id","outgoing_id") REFERENCES "public"."outgoing"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "delivery_attempts" ADD CONSTRAINT "delivery_attempts_fk" FOREIGN KEY ("tenant_id","delivery_id") REFERENCES "public"."deliveries"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "outgoing" ADD CONSTRAINT "outgoing_tenant_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "deliveries_outgoing_idx" ON "deliveries" USING btree ("tenant_id","outgoing_id");--> statement-breakpoint
CREATE INDEX "deliveries_state_idx" ON "deliveries" USING btree ("tenant_id","state","id");--> statement-breakpoint
CREATE INDEX "deliveries_address_idx" ON "deliveries" USING btree ("tenant_id","address","id");--> statement-breakpoint
CREATE INDEX "deliveries_due_idx" ON "deliveries" USING btree ("domain","next_attempt_at") WHERE state in ('queued', 'deferred');--> statement-breakpoint
CREATE INDEX "deliveries_open_idx" ON "deliveries" USING btree ("state","next_attempt_at","domain") WHERE state in ('queued', 'sending', 'deferred', 'held');--> statement-breakpoint
CREATE INDEX "deliveries_lease_idx" ON "deliveries" USING btree ("leased_until") WHERE state = 'sending';--> statement-breakpoint
CREATE INDEX "outgoing_blob_idx" ON "outgoing" USING btree ("blob_key") WHERE blob_key is not null;--> statement-breakpoint
CREATE INDEX "outgoing_kept_idx" ON "outgoing" USING btree ("created_at") WHERE blob_key is not null;--> statement-breakpoint
CREATE INDEX "outgoing_age_idx" ON "outgoing" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "outgoing_journey_idx" ON "outgoing" USING btree ("tenant_id","journey_id");
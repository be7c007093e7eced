CREATE TABLE "dkim_keys" (
	"tenant_id" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"domain_id" text collate "C" NOT NULL,
	"selector" text collate "C" NOT NULL,
	"algorithm" text NOT NULL,
	"private_key" text collate "C" NOT NULL,
	"record" text collate "C" NOT NULL,
	"state" text NOT NULL,
	"due_at" timestamp (3) with time zone,
	"activated_at" timestamp (3) with time zone,
	"retired_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "dkim_keys_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "domains" ADD COLUMN "mta_sts" text;--> statement-breakpoint
ALTER TABLE "dkim_keys" ADD CONSTRAINT "dkim_keys_domain_fk" FOREIGN KEY ("tenant_id","domain_id") REFERENCES "public"."domains"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "dkim_keys_selector_key" ON "dkim_keys" USING btree ("tenant_id","domain_id","selector");--> statement-breakpoint
CREATE UNIQUE INDEX "dkim_keys_in_use_key" ON "dkim_keys" USING btree ("tenant_id","domain_id","algorithm","state") WHERE state <> 'retired';--> statement-breakpoint
CREATE INDEX "dkim_keys_due_idx" ON "dkim_keys" USING btree ("due_at");
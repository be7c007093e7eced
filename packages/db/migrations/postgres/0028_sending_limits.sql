CREATE TABLE "sending_counts" (
	"tenant_id" text collate "C" NOT NULL,
	"scope" text NOT NULL,
	"subject" text collate "C" NOT NULL,
	"period" text NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"recipients" integer NOT NULL,
	CONSTRAINT "sending_counts_pk" PRIMARY KEY("tenant_id","scope","subject","period","started_at")
);
--> statement-breakpoint
ALTER TABLE "delivery_pauses" ADD COLUMN "by_role" text DEFAULT 'super_admin' NOT NULL;--> statement-breakpoint
ALTER TABLE "sending_counts" ADD CONSTRAINT "sending_counts_tenant_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "sending_counts_age_idx" ON "sending_counts" USING btree ("started_at");
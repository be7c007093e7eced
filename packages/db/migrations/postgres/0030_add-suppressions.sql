CREATE TABLE "returned_mail" (
	"tenant_id" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"journey_id" text collate "C" NOT NULL,
	"blob_key" text collate "C" NOT NULL,
	"size" bigint NOT NULL,
	"sha256" text collate "C" NOT NULL,
	"address" text collate "C" NOT NULL,
	"fallback" text collate "C" NOT NULL,
	"sender" text collate "C" NOT NULL,
	"authentication" jsonb,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "returned_mail_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "suppressions" (
	"tenant_id" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"address" text collate "C" NOT NULL,
	"scope" text NOT NULL,
	"value" text collate "C" NOT NULL,
	"reason" text collate "C" NOT NULL,
	"detail" text collate "C" DEFAULT '' NOT NULL,
	"journey_id" text collate "C",
	"delivery_id" text collate "C",
	"expires_at" timestamp (3) with time zone,
	"by" text collate "C" NOT NULL,
	"pass_until" timestamp (3) with time zone,
	"pass_by" text collate "C" DEFAULT '' NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "suppressions_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "returned_by" text collate "C" DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "outgoing" ADD COLUMN "stream" text collate "C" DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "outgoing" ADD COLUMN "subject" text collate "C" DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "returned_mail" ADD CONSTRAINT "returned_mail_tenant_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "suppressions" ADD CONSTRAINT "suppressions_tenant_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "returned_mail_blob_idx" ON "returned_mail" USING btree ("blob_key");--> statement-breakpoint
CREATE INDEX "returned_mail_age_idx" ON "returned_mail" USING btree ("created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "suppressions_address_key" ON "suppressions" USING btree ("tenant_id","address","scope","value");--> statement-breakpoint
CREATE INDEX "suppressions_expiry_idx" ON "suppressions" USING btree ("expires_at") WHERE expires_at is not null;--> statement-breakpoint
CREATE INDEX "outgoing_message_id_idx" ON "outgoing" USING btree ("tenant_id","message_id_header");--> statement-breakpoint
CREATE INDEX "outgoing_envid_idx" ON "outgoing" USING btree ("tenant_id","envid") WHERE envid is not null;
CREATE TABLE "awaited_headers" (
	"tenant_id" text collate "C" NOT NULL,
	"mailbox_id" text collate "C" NOT NULL,
	"header" text collate "C" NOT NULL,
	"thread_id" text collate "C" NOT NULL,
	CONSTRAINT "awaited_headers_pk" PRIMARY KEY("tenant_id","mailbox_id","header")
);
--> statement-breakpoint
ALTER TABLE "awaited_headers" ADD CONSTRAINT "awaited_headers_thread_fk" FOREIGN KEY ("tenant_id","thread_id") REFERENCES "public"."threads"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "awaited_headers_thread_idx" ON "awaited_headers" USING btree ("tenant_id","thread_id");
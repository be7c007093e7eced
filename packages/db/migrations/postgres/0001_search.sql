-- The search index. `tsv` is built by the application: weights A subject, B sender, C recipients, D body. A long text takes
-- several parts, because a tsvector holds positions up to 16383 only.
CREATE TABLE "message_search" (
	"tenant_id" text collate "C" NOT NULL,
	"message_id" text collate "C" NOT NULL,
	"part" integer NOT NULL,
	"tsv" tsvector NOT NULL,
	CONSTRAINT "message_search_pk" PRIMARY KEY("tenant_id","message_id","part"),
	CONSTRAINT "message_search_message_fk" FOREIGN KEY ("tenant_id","message_id") REFERENCES "messages"("tenant_id","id") ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX "message_search_tsv_idx" ON "message_search" USING gin ("tsv");
--> statement-breakpoint
CREATE SEQUENCE "messages_seq" AS bigint CACHE 1;
--> statement-breakpoint
-- Owns what belongs to no tenant.
INSERT INTO "tenants" ("id", "name", "created_at") VALUES ('tnt_00000000000000000000000000', 'System', '1970-01-01T00:00:00Z');

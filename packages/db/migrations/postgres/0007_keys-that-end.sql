ALTER TABLE "api_keys" ADD COLUMN "made_as" text;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "ended_at" timestamp (3) with time zone;--> statement-breakpoint
CREATE INDEX "api_keys_maker_idx" ON "api_keys" USING btree ("tenant_id","created_by");--> statement-breakpoint
CREATE INDEX "users_role_idx" ON "users" USING btree ("tenant_id","role");
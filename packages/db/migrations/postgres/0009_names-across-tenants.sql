DROP INDEX "aliases_address_key";--> statement-breakpoint
DROP INDEX "domains_name_key";--> statement-breakpoint
DROP INDEX "mailboxes_address_key";--> statement-breakpoint
CREATE UNIQUE INDEX "domains_own_name_key" ON "domains" USING btree ("tenant_id","name");--> statement-breakpoint
CREATE INDEX "domains_lookup_idx" ON "domains" USING btree ("name");--> statement-breakpoint
CREATE UNIQUE INDEX "aliases_address_key" ON "aliases" USING btree ("tenant_id","address");--> statement-breakpoint
CREATE UNIQUE INDEX "domains_name_key" ON "domains" USING btree ("name") WHERE status <> 'pending';--> statement-breakpoint
CREATE UNIQUE INDEX "mailboxes_address_key" ON "mailboxes" USING btree ("tenant_id","address");
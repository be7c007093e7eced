DROP INDEX "messages_outdated_idx";--> statement-breakpoint
CREATE INDEX "messages_outdated_idx" ON "messages" USING btree ("tenant_id","mailbox_id","seq") WHERE index_version < 3;
DROP INDEX "folders_name_key";--> statement-breakpoint
ALTER TABLE "folders" ADD COLUMN "name_key" text collate "C" DEFAULT '' NOT NULL;--> statement-breakpoint
-- As far as the database's locale knows letters; an exact key comes with the next renaming.
UPDATE "folders" SET "name_key" = lower(normalize(trim("name"), NFKC) COLLATE "default");--> statement-breakpoint
-- Names that were told apart by case alone: all but the first are found by their id until they are renamed.
UPDATE "folders" SET "name_key" = "name_key" || ' ' || "id" WHERE EXISTS (SELECT 1 FROM "folders" f WHERE f."tenant_id" = "folders"."tenant_id" AND f."mailbox_id" = "folders"."mailbox_id" AND f."name_key" = "folders"."name_key" AND f."id" < "folders"."id");--> statement-breakpoint
CREATE UNIQUE INDEX "folders_name_key" ON "folders" USING btree ("tenant_id","mailbox_id","name_key");
DROP INDEX `tags_name_key`;--> statement-breakpoint
ALTER TABLE `tags` ADD `owner_id` text DEFAULT '' NOT NULL;--> statement-breakpoint
-- Whose messages have which tag. The first of its owners keeps it, the others get one of the same name and colour.
CREATE TABLE `tag_uses` AS SELECT DISTINCT x.`tenant_id`, x.`tag_id`, coalesce(b.`user_id`, b.`id`) AS `owner_id`, x.`tag_id` AS `new_id` FROM `message_tags` x JOIN `messages` m ON m.`tenant_id` = x.`tenant_id` AND m.`id` = x.`message_id` JOIN `mailboxes` b ON b.`tenant_id` = m.`tenant_id` AND b.`id` = m.`mailbox_id`;--> statement-breakpoint
CREATE UNIQUE INDEX `tag_uses_key` ON `tag_uses` (`tenant_id`,`tag_id`,`owner_id`);--> statement-breakpoint
UPDATE `tag_uses` SET `new_id` = 'tag_0' || substr(lower(hex(randomblob(13))), 1, 25) WHERE EXISTS (SELECT 1 FROM `tag_uses` u WHERE u.`tenant_id` = `tag_uses`.`tenant_id` AND u.`tag_id` = `tag_uses`.`tag_id` AND u.`owner_id` < `tag_uses`.`owner_id`);--> statement-breakpoint
UPDATE `tags` SET `owner_id` = coalesce((SELECT u.`owner_id` FROM `tag_uses` u WHERE u.`tenant_id` = `tags`.`tenant_id` AND u.`tag_id` = `tags`.`id` AND u.`new_id` = `tags`.`id`), '');--> statement-breakpoint
INSERT INTO `tags` (`tenant_id`, `id`, `owner_id`, `name`, `name_key`, `color`, `created_at`) SELECT u.`tenant_id`, u.`new_id`, u.`owner_id`, t.`name`, t.`name_key`, t.`color`, t.`created_at` FROM `tag_uses` u JOIN `tags` t ON t.`tenant_id` = u.`tenant_id` AND t.`id` = u.`tag_id` WHERE u.`new_id` <> u.`tag_id`;--> statement-breakpoint
UPDATE `message_tags` SET `tag_id` = coalesce((SELECT u.`new_id` FROM `messages` m JOIN `mailboxes` b ON b.`tenant_id` = m.`tenant_id` AND b.`id` = m.`mailbox_id` JOIN `tag_uses` u ON u.`tenant_id` = m.`tenant_id` AND u.`tag_id` = `message_tags`.`tag_id` AND u.`owner_id` = coalesce(b.`user_id`, b.`id`) WHERE m.`tenant_id` = `message_tags`.`tenant_id` AND m.`id` = `message_tags`.`message_id`), `tag_id`) WHERE EXISTS (SELECT 1 FROM `tag_uses` u WHERE u.`tenant_id` = `message_tags`.`tenant_id` AND u.`tag_id` = `message_tags`.`tag_id` AND u.`new_id` <> u.`tag_id`);--> statement-breakpoint
DROP TABLE `tag_uses`;--> statement-breakpoint
-- Tags that no message has are kept by the tenant's oldest administrator.
UPDATE `tags` SET `owner_id` = coalesce((SELECT u.`id` FROM `users` u WHERE u.`tenant_id` = `tags`.`tenant_id` AND u.`role` IN ('super_admin', 'tenant_admin') ORDER BY u.`created_at`, u.`id` LIMIT 1), '') WHERE `owner_id` = '';--> statement-breakpoint
DELETE FROM `tags` WHERE `owner_id` = '';--> statement-breakpoint
CREATE INDEX `tags_lookup_idx` ON `tags` (`tenant_id`,`name_key`);--> statement-breakpoint
CREATE UNIQUE INDEX `tags_name_key` ON `tags` (`tenant_id`,`owner_id`,`name_key`);
ALTER TABLE `api_keys` ADD `made_as` text;--> statement-breakpoint
ALTER TABLE `api_keys` ADD `ended_at` integer;--> statement-breakpoint
CREATE INDEX `api_keys_maker_idx` ON `api_keys` (`tenant_id`,`created_by`);--> statement-breakpoint
CREATE INDEX `users_role_idx` ON `users` (`tenant_id`,`role`);
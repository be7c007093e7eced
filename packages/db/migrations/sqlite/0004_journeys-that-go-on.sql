CREATE TABLE `journey_events` (
	`tenant_id` text NOT NULL,
	`journey_id` text NOT NULL,
	`id` text NOT NULL,
	`at` integer NOT NULL,
	`kind` text NOT NULL,
	`name` text NOT NULL,
	`result` text NOT NULL,
	`detail` text NOT NULL,
	`recipient` text,
	PRIMARY KEY(`tenant_id`, `journey_id`, `id`),
	FOREIGN KEY (`tenant_id`,`journey_id`) REFERENCES `journeys`(`tenant_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
ALTER TABLE `journey_recipients` ADD `reason` text DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE INDEX `journey_recipients_reason_idx` ON `journey_recipients` (`tenant_id`,`reason`,`journey_id`) WHERE reason <> '';--> statement-breakpoint
ALTER TABLE `journeys` ADD `user_id` text;--> statement-breakpoint
ALTER TABLE `journeys` ADD `reason` text DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE INDEX `journeys_remote_idx` ON `journeys` (`tenant_id`,`remote_address`,`started_at`);--> statement-breakpoint
CREATE INDEX `journeys_user_idx` ON `journeys` (`tenant_id`,`user_id`,`started_at`) WHERE user_id is not null;--> statement-breakpoint
CREATE INDEX `journeys_status_idx` ON `journeys` (`tenant_id`,`status`,`started_at`) WHERE status <> 'accepted';--> statement-breakpoint
CREATE INDEX `journeys_reason_idx` ON `journeys` (`tenant_id`,`reason`,`started_at`) WHERE reason <> '';--> statement-breakpoint
UPDATE `journeys` SET `user_id` = (SELECT `u`.`id` FROM `users` `u` WHERE `u`.`tenant_id` = `journeys`.`tenant_id` AND `u`.`email` = (SELECT json_extract(`value`, '$.detail') FROM json_each(`journeys`.`steps`) WHERE json_extract(`value`, '$.kind') = 'auth' LIMIT 1)) WHERE `direction` = 'submission';

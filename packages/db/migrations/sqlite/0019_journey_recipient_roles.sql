ALTER TABLE `journey_recipients` ADD `owner_role` text;--> statement-breakpoint
ALTER TABLE `journeys` ADD `user_role` text;
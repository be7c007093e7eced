CREATE TABLE `dkim_keys` (
	`tenant_id` text NOT NULL,
	`id` text NOT NULL,
	`domain_id` text NOT NULL,
	`selector` text NOT NULL,
	`algorithm` text NOT NULL,
	`private_key` text NOT NULL,
	`record` text NOT NULL,
	`state` text NOT NULL,
	`due_at` integer,
	`activated_at` integer,
	`retired_at` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `id`),
	FOREIGN KEY (`tenant_id`,`domain_id`) REFERENCES `domains`(`tenant_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `dkim_keys_selector_key` ON `dkim_keys` (`tenant_id`,`domain_id`,`selector`);--> statement-breakpoint
CREATE UNIQUE INDEX `dkim_keys_in_use_key` ON `dkim_keys` (`tenant_id`,`domain_id`,`algorithm`,`state`) WHERE state <> 'retired';--> statement-breakpoint
CREATE INDEX `dkim_keys_due_idx` ON `dkim_keys` (`due_at`);--> statement-breakpoint
ALTER TABLE `domains` ADD `mta_sts` text;
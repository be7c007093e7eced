CREATE TABLE `sending_counts` (
	`tenant_id` text NOT NULL,
	`scope` text NOT NULL,
	`subject` text NOT NULL,
	`period` text NOT NULL,
	`started_at` integer NOT NULL,
	`recipients` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `scope`, `subject`, `period`, `started_at`),
	FOREIGN KEY (`tenant_id`) REFERENCES `tenants`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `sending_counts_age_idx` ON `sending_counts` (`started_at`);--> statement-breakpoint
ALTER TABLE `delivery_pauses` ADD `by_role` text DEFAULT 'super_admin' NOT NULL;
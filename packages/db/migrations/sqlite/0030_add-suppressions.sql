CREATE TABLE `returned_mail` (
	`tenant_id` text NOT NULL,
	`id` text NOT NULL,
	`journey_id` text NOT NULL,
	`blob_key` text NOT NULL,
	`size` integer NOT NULL,
	`sha256` text NOT NULL,
	`address` text NOT NULL,
	`fallback` text NOT NULL,
	`sender` text NOT NULL,
	`authentication` text,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `id`),
	FOREIGN KEY (`tenant_id`) REFERENCES `tenants`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `returned_mail_blob_idx` ON `returned_mail` (`blob_key`);--> statement-breakpoint
CREATE INDEX `returned_mail_age_idx` ON `returned_mail` (`created_at`);--> statement-breakpoint
CREATE TABLE `suppressions` (
	`tenant_id` text NOT NULL,
	`id` text NOT NULL,
	`address` text NOT NULL,
	`scope` text NOT NULL,
	`value` text NOT NULL,
	`reason` text NOT NULL,
	`detail` text DEFAULT '' NOT NULL,
	`journey_id` text,
	`delivery_id` text,
	`expires_at` integer,
	`by` text NOT NULL,
	`pass_until` integer,
	`pass_by` text DEFAULT '' NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `id`),
	FOREIGN KEY (`tenant_id`) REFERENCES `tenants`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `suppressions_address_key` ON `suppressions` (`tenant_id`,`address`,`scope`,`value`);--> statement-breakpoint
CREATE INDEX `suppressions_expiry_idx` ON `suppressions` (`expires_at`) WHERE expires_at is not null;--> statement-breakpoint
ALTER TABLE `deliveries` ADD `returned_by` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `outgoing` ADD `stream` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `outgoing` ADD `subject` text DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE INDEX `outgoing_message_id_idx` ON `outgoing` (`tenant_id`,`message_id_header`);--> statement-breakpoint
CREATE INDEX `outgoing_envid_idx` ON `outgoing` (`tenant_id`,`envid`) WHERE envid is not null;
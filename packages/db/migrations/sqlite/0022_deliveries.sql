CREATE TABLE `deliveries` (
	`tenant_id` text NOT NULL,
	`id` text NOT NULL,
	`outgoing_id` text NOT NULL,
	`recipient` text NOT NULL,
	`address` text NOT NULL,
	`domain` text NOT NULL,
	`notify` text,
	`orcpt` text,
	`state` text NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`failures` integer DEFAULT 0 NOT NULL,
	`rescues` integer DEFAULT 0 NOT NULL,
	`next_attempt_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`last_reply` text DEFAULT '' NOT NULL,
	`reason` text DEFAULT '' NOT NULL,
	`leased_until` integer,
	`fence` integer DEFAULT 0 NOT NULL,
	`ended_at` integer,
	`noticed_at` integer,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `id`),
	FOREIGN KEY (`tenant_id`,`outgoing_id`) REFERENCES `outgoing`(`tenant_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `deliveries_outgoing_idx` ON `deliveries` (`tenant_id`,`outgoing_id`);--> statement-breakpoint
CREATE INDEX `deliveries_state_idx` ON `deliveries` (`tenant_id`,`state`,`id`);--> statement-breakpoint
CREATE INDEX `deliveries_address_idx` ON `deliveries` (`tenant_id`,`address`,`id`);--> statement-breakpoint
CREATE INDEX `deliveries_due_idx` ON `deliveries` (`domain`,`next_attempt_at`) WHERE state in ('queued', 'deferred');--> statement-breakpoint
CREATE INDEX `deliveries_open_idx` ON `deliveries` (`state`,`next_attempt_at`,`domain`) WHERE state in ('queued', 'sending', 'deferred', 'held');--> statement-breakpoint
CREATE INDEX `deliveries_lease_idx` ON `deliveries` (`leased_until`) WHERE state = 'sending';--> statement-breakpoint
CREATE TABLE `delivery_attempts` (
	`tenant_id` text NOT NULL,
	`delivery_id` text NOT NULL,
	`number` integer NOT NULL,
	`started_at` integer NOT NULL,
	`ended_at` integer,
	`result` text,
	`host` text DEFAULT '' NOT NULL,
	`remote_address` text DEFAULT '' NOT NULL,
	`tls` text DEFAULT '' NOT NULL,
	`reply` text DEFAULT '' NOT NULL,
	`conversation` text DEFAULT '' NOT NULL,
	PRIMARY KEY(`tenant_id`, `delivery_id`, `number`),
	FOREIGN KEY (`tenant_id`,`delivery_id`) REFERENCES `deliveries`(`tenant_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `outgoing` (
	`tenant_id` text NOT NULL,
	`id` text NOT NULL,
	`journey_id` text NOT NULL,
	`user_id` text,
	`blob_key` text,
	`size` integer NOT NULL,
	`header` text DEFAULT '' NOT NULL,
	`return_path` text NOT NULL,
	`sender` text NOT NULL,
	`message_id_header` text,
	`eight_bit` integer NOT NULL,
	`smtp_utf8` integer NOT NULL,
	`ret` text,
	`envid` text,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `id`),
	FOREIGN KEY (`tenant_id`) REFERENCES `tenants`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `outgoing_blob_idx` ON `outgoing` (`blob_key`) WHERE blob_key is not null;--> statement-breakpoint
CREATE INDEX `outgoing_kept_idx` ON `outgoing` (`created_at`) WHERE blob_key is not null;--> statement-breakpoint
CREATE INDEX `outgoing_age_idx` ON `outgoing` (`created_at`);--> statement-breakpoint
CREATE INDEX `outgoing_journey_idx` ON `outgoing` (`tenant_id`,`journey_id`);
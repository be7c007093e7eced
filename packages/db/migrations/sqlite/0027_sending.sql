CREATE TABLE `delivery_pauses` (
	`scope` text NOT NULL,
	`tenant_id` text NOT NULL,
	`value` text NOT NULL,
	`by` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`scope`, `tenant_id`, `value`)
);
--> statement-breakpoint
CREATE TABLE `delivery_sites` (
	`key` text PRIMARY KEY NOT NULL,
	`domain` text NOT NULL,
	`state` text NOT NULL,
	`tls_level` text,
	`clear_until` integer,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `sts_policies` (
	`domain` text PRIMARY KEY NOT NULL,
	`policy` text,
	`record_id` text,
	`fetched_at` integer,
	`tried_at` integer,
	`failed_at` integer,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE `deliveries` ADD `reported_at` integer;--> statement-breakpoint
CREATE INDEX `deliveries_unreported_idx` ON `deliveries` (`ended_at`) WHERE ended_at is not null and reported_at is null;--> statement-breakpoint
CREATE INDEX `deliveries_late_idx` ON `deliveries` (`created_at`) WHERE state in ('queued', 'deferred') and noticed_at is null;--> statement-breakpoint
CREATE INDEX `deliveries_expiry_idx` ON `deliveries` (`domain`,`expires_at`) WHERE state in ('queued', 'deferred');
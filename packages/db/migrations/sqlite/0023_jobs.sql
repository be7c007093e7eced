CREATE TABLE `jobs` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`key` text,
	`payload` text NOT NULL,
	`run_at` integer NOT NULL,
	`attempts` integer NOT NULL,
	`max_attempts` integer NOT NULL,
	`last_error` text,
	`created_at` integer NOT NULL,
	`locked_by` text,
	`locked_at` integer,
	`failed_at` integer
);
--> statement-breakpoint
CREATE INDEX `jobs_waiting_idx` ON `jobs` (`name`,`run_at`) WHERE locked_by is null and failed_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX `jobs_key_idx` ON `jobs` (`key`) WHERE key is not null and locked_by is null and failed_at is null;--> statement-breakpoint
CREATE INDEX `jobs_running_idx` ON `jobs` (`locked_at`) WHERE locked_by is not null;--> statement-breakpoint
CREATE INDEX `jobs_failed_idx` ON `jobs` (`failed_at`) WHERE failed_at is not null;
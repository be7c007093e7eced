CREATE TABLE `idempotency_keys` (
	`tenant_id` text NOT NULL,
	`id` text NOT NULL,
	`request` text NOT NULL,
	`lease` text NOT NULL,
	`leased_until` integer NOT NULL,
	`made_id` text,
	`answer` text,
	`expires_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `id`),
	FOREIGN KEY (`tenant_id`) REFERENCES `tenants`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `idempotency_keys_expiry_idx` ON `idempotency_keys` (`expires_at`);
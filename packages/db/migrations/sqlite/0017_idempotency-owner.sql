ALTER TABLE `idempotency_keys` ADD `owner` text;--> statement-breakpoint
CREATE INDEX `idempotency_keys_owner_idx` ON `idempotency_keys` (`tenant_id`,`owner`,`expires_at`);
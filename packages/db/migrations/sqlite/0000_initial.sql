CREATE TABLE `aliases` (
	`tenant_id` text NOT NULL,
	`id` text NOT NULL,
	`domain_id` text NOT NULL,
	`address` text NOT NULL,
	`targets` text NOT NULL,
	`enabled` integer DEFAULT true NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `id`),
	FOREIGN KEY (`tenant_id`,`domain_id`) REFERENCES `domains`(`tenant_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `aliases_address_key` ON `aliases` (`address`);--> statement-breakpoint
CREATE INDEX `aliases_domain_idx` ON `aliases` (`tenant_id`,`domain_id`);--> statement-breakpoint
CREATE TABLE `api_keys` (
	`tenant_id` text NOT NULL,
	`id` text NOT NULL,
	`lookup` text NOT NULL,
	`secret_hash` text NOT NULL,
	`name` text NOT NULL,
	`scopes` text NOT NULL,
	`user_id` text NOT NULL,
	`created_by` text,
	`created_at` integer NOT NULL,
	`expires_at` integer,
	`last_used_at` integer,
	`last_used_ip` text,
	PRIMARY KEY(`tenant_id`, `id`),
	FOREIGN KEY (`tenant_id`,`user_id`) REFERENCES `users`(`tenant_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `api_keys_lookup_key` ON `api_keys` (`lookup`);--> statement-breakpoint
CREATE INDEX `api_keys_user_idx` ON `api_keys` (`tenant_id`,`user_id`);--> statement-breakpoint
CREATE TABLE `audit_entries` (
	`tenant_id` text NOT NULL,
	`id` text NOT NULL,
	`at` integer NOT NULL,
	`actor_kind` text NOT NULL,
	`actor_id` text,
	`actor_name` text NOT NULL,
	`action` text NOT NULL,
	`target_type` text NOT NULL,
	`target_id` text,
	`before` text,
	`after` text,
	`ip` text NOT NULL,
	`request_id` text NOT NULL,
	PRIMARY KEY(`tenant_id`, `id`),
	FOREIGN KEY (`tenant_id`) REFERENCES `tenants`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `audit_entries_at_idx` ON `audit_entries` (`tenant_id`,`at`,`id`);--> statement-breakpoint
CREATE INDEX `audit_entries_target_idx` ON `audit_entries` (`tenant_id`,`target_type`,`target_id`,`at`);--> statement-breakpoint
CREATE TABLE `changes` (
	`topic` text PRIMARY KEY NOT NULL,
	`counter` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `changes_counter_idx` ON `changes` (`counter`);--> statement-breakpoint
CREATE TABLE `domains` (
	`tenant_id` text NOT NULL,
	`id` text NOT NULL,
	`name` text NOT NULL,
	`status` text NOT NULL,
	`verify_token` text NOT NULL,
	`alias_of_id` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `id`),
	FOREIGN KEY (`tenant_id`) REFERENCES `tenants`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`tenant_id`,`alias_of_id`) REFERENCES `domains`(`tenant_id`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `domains_name_key` ON `domains` (`name`);--> statement-breakpoint
CREATE TABLE `folders` (
	`tenant_id` text NOT NULL,
	`id` text NOT NULL,
	`mailbox_id` text NOT NULL,
	`name` text NOT NULL,
	`role` text,
	`total` integer DEFAULT 0 NOT NULL,
	`unseen` integer DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `id`),
	FOREIGN KEY (`tenant_id`,`mailbox_id`) REFERENCES `mailboxes`(`tenant_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `folders_name_key` ON `folders` (`tenant_id`,`mailbox_id`,`name`);--> statement-breakpoint
CREATE UNIQUE INDEX `folders_role_key` ON `folders` (`tenant_id`,`mailbox_id`,`role`);--> statement-breakpoint
CREATE TABLE `journey_recipients` (
	`tenant_id` text NOT NULL,
	`journey_id` text NOT NULL,
	`address` text NOT NULL,
	`status` text NOT NULL,
	`reply` text NOT NULL,
	PRIMARY KEY(`tenant_id`, `journey_id`, `address`),
	FOREIGN KEY (`tenant_id`,`journey_id`) REFERENCES `journeys`(`tenant_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `journey_recipients_address_idx` ON `journey_recipients` (`tenant_id`,`address`,`journey_id`);--> statement-breakpoint
CREATE TABLE `journeys` (
	`tenant_id` text NOT NULL,
	`id` text NOT NULL,
	`direction` text NOT NULL,
	`status` text NOT NULL,
	`sender` text NOT NULL,
	`recipients` text NOT NULL,
	`remote_address` text NOT NULL,
	`helo` text NOT NULL,
	`reply` text NOT NULL,
	`steps` text NOT NULL,
	`started_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `id`),
	FOREIGN KEY (`tenant_id`) REFERENCES `tenants`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `journeys_id_idx` ON `journeys` (`id`);--> statement-breakpoint
CREATE INDEX `journeys_started_idx` ON `journeys` (`tenant_id`,`started_at`,`id`);--> statement-breakpoint
CREATE INDEX `journeys_sender_idx` ON `journeys` (`tenant_id`,`sender`,`started_at`);--> statement-breakpoint
CREATE INDEX `journeys_age_idx` ON `journeys` (`started_at`);--> statement-breakpoint
CREATE TABLE `login_failures` (
	`id` text PRIMARY KEY NOT NULL,
	`account` text NOT NULL,
	`address` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `login_failures_account_idx` ON `login_failures` (`account`,`at`);--> statement-breakpoint
CREATE INDEX `login_failures_at_idx` ON `login_failures` (`at`);--> statement-breakpoint
CREATE TABLE `mailboxes` (
	`tenant_id` text NOT NULL,
	`id` text NOT NULL,
	`domain_id` text NOT NULL,
	`user_id` text,
	`address` text NOT NULL,
	`display_name` text NOT NULL,
	`status` text NOT NULL,
	`quota_bytes` integer,
	`used_bytes` integer DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `id`),
	FOREIGN KEY (`tenant_id`,`domain_id`) REFERENCES `domains`(`tenant_id`,`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`tenant_id`,`user_id`) REFERENCES `users`(`tenant_id`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `mailboxes_address_key` ON `mailboxes` (`address`);--> statement-breakpoint
CREATE INDEX `mailboxes_domain_idx` ON `mailboxes` (`tenant_id`,`domain_id`);--> statement-breakpoint
CREATE INDEX `mailboxes_user_idx` ON `mailboxes` (`tenant_id`,`user_id`);--> statement-breakpoint
CREATE TABLE `message_tags` (
	`tenant_id` text NOT NULL,
	`message_id` text NOT NULL,
	`tag_id` text NOT NULL,
	PRIMARY KEY(`tenant_id`, `message_id`, `tag_id`),
	FOREIGN KEY (`tenant_id`,`message_id`) REFERENCES `messages`(`tenant_id`,`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`tenant_id`,`tag_id`) REFERENCES `tags`(`tenant_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `message_tags_tag_idx` ON `message_tags` (`tenant_id`,`tag_id`,`message_id`);--> statement-breakpoint
CREATE TABLE `messages` (
	`tenant_id` text NOT NULL,
	`id` text NOT NULL,
	`seq` integer NOT NULL,
	`mailbox_id` text NOT NULL,
	`folder_id` text NOT NULL,
	`thread_id` text NOT NULL,
	`journey_id` text NOT NULL,
	`blob_key` text NOT NULL,
	`size` integer NOT NULL,
	`sha256` text NOT NULL,
	`subject` text NOT NULL,
	`preview` text NOT NULL,
	`from_name` text NOT NULL,
	`from_address` text NOT NULL,
	`recipients` text NOT NULL,
	`message_id_header` text,
	`date` integer,
	`received_at` integer NOT NULL,
	`seen` integer DEFAULT false NOT NULL,
	`starred` integer DEFAULT false NOT NULL,
	`answered` integer DEFAULT false NOT NULL,
	`draft` integer DEFAULT false NOT NULL,
	`has_attachments` integer DEFAULT false NOT NULL,
	`spam_score` real,
	`parse_error` text,
	`authentication` text,
	`trashed_from_id` text,
	`trashed_at` integer,
	PRIMARY KEY(`tenant_id`, `id`),
	FOREIGN KEY (`tenant_id`,`mailbox_id`) REFERENCES `mailboxes`(`tenant_id`,`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`tenant_id`,`folder_id`) REFERENCES `folders`(`tenant_id`,`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`tenant_id`,`thread_id`) REFERENCES `threads`(`tenant_id`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `messages_seq_key` ON `messages` (`seq`);--> statement-breakpoint
CREATE INDEX `messages_folder_idx` ON `messages` (`tenant_id`,`folder_id`,`received_at`,`id`);--> statement-breakpoint
CREATE INDEX `messages_mailbox_idx` ON `messages` (`tenant_id`,`mailbox_id`,`received_at`,`id`);--> statement-breakpoint
CREATE INDEX `messages_tenant_idx` ON `messages` (`tenant_id`,`received_at`,`id`);--> statement-breakpoint
CREATE INDEX `messages_unseen_idx` ON `messages` (`tenant_id`,`mailbox_id`,`received_at`,`id`) WHERE not seen;--> statement-breakpoint
CREATE INDEX `messages_starred_idx` ON `messages` (`tenant_id`,`mailbox_id`,`received_at`,`id`) WHERE starred;--> statement-breakpoint
CREATE INDEX `messages_attachments_idx` ON `messages` (`tenant_id`,`mailbox_id`,`received_at`,`id`) WHERE has_attachments;--> statement-breakpoint
CREATE INDEX `messages_thread_idx` ON `messages` (`tenant_id`,`thread_id`,`received_at`);--> statement-breakpoint
CREATE INDEX `messages_header_idx` ON `messages` (`tenant_id`,`mailbox_id`,`message_id_header`);--> statement-breakpoint
CREATE INDEX `messages_journey_idx` ON `messages` (`tenant_id`,`journey_id`);--> statement-breakpoint
CREATE INDEX `messages_blob_idx` ON `messages` (`blob_key`);--> statement-breakpoint
CREATE INDEX `messages_trashed_idx` ON `messages` (`trashed_at`) WHERE trashed_at is not null;--> statement-breakpoint
CREATE TABLE `sessions` (
	`tenant_id` text NOT NULL,
	`id` text NOT NULL,
	`token_hash` text NOT NULL,
	`user_id` text NOT NULL,
	`ip` text NOT NULL,
	`user_agent` text NOT NULL,
	`created_at` integer NOT NULL,
	`last_seen_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `id`),
	FOREIGN KEY (`tenant_id`,`user_id`) REFERENCES `users`(`tenant_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sessions_token_key` ON `sessions` (`token_hash`);--> statement-breakpoint
CREATE INDEX `sessions_user_idx` ON `sessions` (`tenant_id`,`user_id`);--> statement-breakpoint
CREATE INDEX `sessions_expiry_idx` ON `sessions` (`expires_at`);--> statement-breakpoint
CREATE TABLE `settings` (
	`tenant_id` text NOT NULL,
	`key` text NOT NULL,
	`value` text NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `key`),
	FOREIGN KEY (`tenant_id`) REFERENCES `tenants`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `tags` (
	`tenant_id` text NOT NULL,
	`id` text NOT NULL,
	`name` text NOT NULL,
	`name_key` text NOT NULL,
	`color` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `id`),
	FOREIGN KEY (`tenant_id`) REFERENCES `tenants`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `tags_name_key` ON `tags` (`tenant_id`,`name_key`);--> statement-breakpoint
CREATE TABLE `tenants` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `threads` (
	`tenant_id` text NOT NULL,
	`id` text NOT NULL,
	`mailbox_id` text NOT NULL,
	`subject` text NOT NULL,
	`message_count` integer DEFAULT 0 NOT NULL,
	`last_message_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `id`),
	FOREIGN KEY (`tenant_id`,`mailbox_id`) REFERENCES `mailboxes`(`tenant_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `threads_mailbox_idx` ON `threads` (`tenant_id`,`mailbox_id`);--> statement-breakpoint
CREATE TABLE `users` (
	`tenant_id` text NOT NULL,
	`id` text NOT NULL,
	`email` text NOT NULL,
	`name` text NOT NULL,
	`role` text NOT NULL,
	`password_hash` text,
	`suspended` integer DEFAULT false NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `id`),
	FOREIGN KEY (`tenant_id`) REFERENCES `tenants`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `users_email_key` ON `users` (`email`);
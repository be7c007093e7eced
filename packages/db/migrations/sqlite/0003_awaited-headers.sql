CREATE TABLE `awaited_headers` (
	`tenant_id` text NOT NULL,
	`mailbox_id` text NOT NULL,
	`header` text NOT NULL,
	`thread_id` text NOT NULL,
	PRIMARY KEY(`tenant_id`, `mailbox_id`, `header`),
	FOREIGN KEY (`tenant_id`,`thread_id`) REFERENCES `threads`(`tenant_id`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `awaited_headers_thread_idx` ON `awaited_headers` (`tenant_id`,`thread_id`);
ALTER TABLE `messages` ADD `import_key` text;--> statement-breakpoint
CREATE UNIQUE INDEX `messages_import_key` ON `messages` (`tenant_id`,`mailbox_id`,`import_key`) WHERE import_key is not null;
-- The search index. Tokens are made by the application and joined by spaces, hence the tokenizer that only splits there.
-- The row id is messages.seq.
CREATE VIRTUAL TABLE `message_search` USING fts5(`subject`, `sender`, `recipients`, `body`, content='', contentless_delete=1, tokenize='ascii');
--> statement-breakpoint
-- Owns what belongs to no tenant.
INSERT INTO `tenants` (`id`, `name`, `created_at`) VALUES ('tnt_00000000000000000000000000', 'System', 0);

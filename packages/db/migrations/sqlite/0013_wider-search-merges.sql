-- Words are gathered in up to 16 MiB of memory before they are written, and written parts merged eight at a time instead of four: a
-- third of the work of an import. Both are kept in the index itself.
INSERT INTO `message_search` (`message_search`, `rank`) VALUES ('hashsize', 16777216);
--> statement-breakpoint
INSERT INTO `message_search` (`message_search`, `rank`) VALUES ('automerge', 8);

-- Imported mail came into Trash without a time, and so stayed there for ever: it has its days from now on.
UPDATE `messages` SET `trashed_at` = CAST(unixepoch('subsec') * 1000 AS INTEGER) WHERE `trashed_at` IS NULL AND EXISTS (SELECT 1 FROM `folders` f WHERE f.`tenant_id` = `messages`.`tenant_id` AND f.`id` = `messages`.`folder_id` AND f.`role` = 'trash');

CREATE TABLE `customer_counts` (
	`corporation_id` text PRIMARY KEY NOT NULL,
	`count` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `search_index_state` (
	`indexed_through` integer NOT NULL
);
--> statement-breakpoint
PRAGMA foreign_keys=OFF;--> statement-breakpoint
CREATE TABLE `__new_customers` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`corporation_id` text NOT NULL,
	`name` text NOT NULL,
	`email` text,
	`external_id` text,
	`shipping_address` text,
	`source_platform` text,
	`source_platform_id` text,
	`version` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`corporation_id`) REFERENCES `corporations`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
INSERT INTO `__new_customers`("id", "corporation_id", "name", "email", "external_id", "shipping_address", "source_platform", "source_platform_id", "version", "created_at", "updated_at") SELECT "id", "corporation_id", "name", "email", "external_id", "shipping_address", "source_platform", "source_platform_id", "version", "created_at", "updated_at" FROM `customers` ORDER BY "id";--> statement-breakpoint
DROP TABLE `customers`;--> statement-breakpoint
ALTER TABLE `__new_customers` RENAME TO `customers`;--> statement-breakpoint
PRAGMA foreign_keys=ON;--> statement-breakpoint
CREATE UNIQUE INDEX `customers_by_id` ON `customers` (`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `customers_by_external_id` ON `customers` (`corporation_id`,`external_id`) WHERE external_id is not null;--> statement-breakpoint
CREATE INDEX `customers_by_corporation` ON `customers` (`corporation_id`,`id`);--> statement-breakpoint
INSERT INTO `customer_counts` SELECT `corporation_id`, count(*) FROM `customers` GROUP BY `corporation_id`;--> statement-breakpoint
CREATE TRIGGER `count_inserted_customer` AFTER INSERT ON `customers` BEGIN
	INSERT INTO `customer_counts` VALUES (new.`corporation_id`, 1)
		ON CONFLICT (`corporation_id`) DO UPDATE SET `count` = `count` + 1;
END;--> statement-breakpoint
CREATE TRIGGER `count_deleted_customer` AFTER DELETE ON `customers` BEGIN
	UPDATE `customer_counts` SET `count` = `count` - 1 WHERE `corporation_id` = old.`corporation_id`;
END;--> statement-breakpoint
INSERT INTO `search_index_state` VALUES (0);--> statement-breakpoint
CREATE VIRTUAL TABLE `customer_names` USING fts5(
	name, content='', contentless_delete=1, detail=none,
	tokenize='trigram case_sensitive 1'
);--> statement-breakpoint
CREATE VIRTUAL TABLE `customer_values` USING fts5(
	value, content='', contentless_delete=1, detail=none,
	tokenize='ascii'
);

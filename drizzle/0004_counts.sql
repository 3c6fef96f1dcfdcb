CREATE TABLE `customer_counts_state` (
	`counted_through` integer NOT NULL
);
--> statement-breakpoint
INSERT INTO `customer_counts_state` SELECT coalesce(max(`seq`), 0) FROM `customers`;--> statement-breakpoint
DROP TRIGGER `count_inserted_customer`;--> statement-breakpoint
DROP TRIGGER `count_deleted_customer`;--> statement-breakpoint
CREATE TRIGGER `count_passed_customers` AFTER UPDATE OF `counted_through` ON `customer_counts_state` BEGIN
	INSERT INTO `customer_counts`
		SELECT `corporation_id`, count(*) FROM `customers`
		WHERE `seq` > old.`counted_through` AND `seq` <= new.`counted_through`
		GROUP BY `corporation_id`
		ON CONFLICT (`corporation_id`) DO UPDATE SET `count` = `count` + excluded.`count`;
END;--> statement-breakpoint
CREATE TRIGGER `count_deleted_customer` AFTER DELETE ON `customers`
	WHEN old.`seq` <= (SELECT `counted_through` FROM `customer_counts_state`) BEGIN
	UPDATE `customer_counts` SET `count` = `count` - 1 WHERE `corporation_id` = old.`corporation_id`;
END;

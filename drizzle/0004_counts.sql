DROP TRIGGER `count_inserted_customer`;--> statement-breakpoint
DROP TRIGGER `count_deleted_customer`;--> statement-breakpoint
INSERT INTO `customer_counts`
	SELECT `corporation_id`, -count(*) FROM `customers`
	WHERE `seq` > (SELECT `indexed_through` FROM `search_index_state`)
	GROUP BY `corporation_id`
	ON CONFLICT (`corporation_id`) DO UPDATE SET `count` = `count` + excluded.`count`;--> statement-breakpoint
CREATE TRIGGER `count_indexed_customers` AFTER UPDATE OF `indexed_through` ON `search_index_state` BEGIN
	INSERT INTO `customer_counts`
		SELECT `corporation_id`, count(*) FROM `customers`
		WHERE `seq` > old.`indexed_through` AND `seq` <= new.`indexed_through`
		GROUP BY `corporation_id`
		ON CONFLICT (`corporation_id`) DO UPDATE SET `count` = `count` + excluded.`count`;
END;--> statement-breakpoint
CREATE TRIGGER `count_deleted_customer` AFTER DELETE ON `customers`
	WHEN old.`seq` <= (SELECT `indexed_through` FROM `search_index_state`) BEGIN
	UPDATE `customer_counts` SET `count` = `count` - 1 WHERE `corporation_id` = old.`corporation_id`;
END;

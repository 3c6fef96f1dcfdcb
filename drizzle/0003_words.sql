DROP TABLE `customer_values`;--> statement-breakpoint
CREATE VIRTUAL TABLE `customer_words` USING fts5(
	words, content='', contentless_delete=1, detail=none,
	tokenize="ascii tokenchars ' !""#$%&''()*+,-./:;<=>?@[\]^_`{|}~'"
);--> statement-breakpoint
INSERT INTO `customer_words` (`rowid`, `words`)
SELECT `seq`, concat_ws(char(10),
	`corporation_id` || ' name ' || `name`,
	`corporation_id` || ' email ' || `email`,
	`corporation_id` || ' sourcePlatform ' || `source_platform`,
	`corporation_id` || ' sourcePlatformId ' || `source_platform_id`)
FROM `customers` WHERE `seq` <= (SELECT `indexed_through` FROM `search_index_state`);

CREATE INDEX `corporations_by_age` ON `corporations` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `customers_by_corporation` ON `customers` (`corporation_id`,`id`);
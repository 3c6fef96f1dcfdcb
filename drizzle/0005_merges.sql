INSERT INTO `customer_names` (`customer_names`, `rank`) VALUES ('automerge', 0);--> statement-breakpoint
INSERT INTO `customer_words` (`customer_words`, `rank`) VALUES ('automerge', 0);

CREATE TABLE "corporations" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"legal_name" text collate "C" NOT NULL,
	"jurisdiction" text collate "C" NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "corporations_id" CHECK (char_length("corporations"."id") <= 255),
	CONSTRAINT "corporations_legal_name" CHECK (char_length("corporations"."legal_name") <= 255),
	CONSTRAINT "corporations_jurisdiction" CHECK (char_length("corporations"."jurisdiction") <= 2)
);
--> statement-breakpoint
CREATE TABLE "customers" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"corporation_id" text collate "C" NOT NULL,
	"name" text collate "C" NOT NULL,
	"email" text collate "C",
	"external_id" text collate "C",
	"shipping_address" jsonb,
	"source_platform" text collate "C",
	"source_platform_id" text collate "C",
	"version" integer NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	"updated_at" timestamp(3) with time zone NOT NULL,
	"folded_name" text collate "C" NOT NULL,
	CONSTRAINT "customers_id" CHECK (char_length("customers"."id") <= 255),
	CONSTRAINT "customers_name" CHECK (char_length("customers"."name") <= 255),
	CONSTRAINT "customers_email" CHECK (char_length("customers"."email") <= 254),
	CONSTRAINT "customers_external_id" CHECK (char_length("customers"."external_id") <= 255),
	CONSTRAINT "customers_source_platform" CHECK (char_length("customers"."source_platform") <= 255),
	CONSTRAINT "customers_source_platform_id" CHECK (char_length("customers"."source_platform_id") <= 255),
	CONSTRAINT "customers_version" CHECK ("customers"."version" >= 1)
);
--> statement-breakpoint
CREATE TABLE "idempotency_records" (
	"token_id" text collate "C" NOT NULL,
	"operation" text collate "C" NOT NULL,
	"key" text collate "C" NOT NULL,
	"fingerprint" text collate "C" NOT NULL,
	"answer" jsonb NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "idempotency_records_by_key" PRIMARY KEY("token_id","operation","key"),
	CONSTRAINT "idempotency_records_key" CHECK (char_length("idempotency_records"."key") <= 255)
);
--> statement-breakpoint
CREATE TABLE "tokens" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"name" text collate "C" NOT NULL,
	"hash" text collate "C" NOT NULL,
	"corporation_ids" jsonb,
	"right" text NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	"expires_at" timestamp(3) with time zone,
	"revoked_at" timestamp(3) with time zone,
	CONSTRAINT "tokens_by_hash" UNIQUE("hash")
);
--> statement-breakpoint
ALTER TABLE "customers" ADD CONSTRAINT "customers_corporation_id_corporations_id_fk" FOREIGN KEY ("corporation_id") REFERENCES "public"."corporations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "corporations_by_age" ON "corporations" USING btree ("created_at","id");--> statement-breakpoint
CREATE UNIQUE INDEX "customers_by_external_id" ON "customers" USING btree ("corporation_id","external_id") WHERE external_id is not null;--> statement-breakpoint
CREATE INDEX "customers_by_corporation" ON "customers" USING btree ("corporation_id","id");--> statement-breakpoint
CREATE INDEX "customers_by_name" ON "customers" USING btree ("corporation_id","name","id");--> statement-breakpoint
CREATE INDEX "customers_by_email" ON "customers" USING btree ("corporation_id","email","id") WHERE email is not null;--> statement-breakpoint
CREATE INDEX "customers_by_source_platform" ON "customers" USING btree ("corporation_id","source_platform","id") WHERE source_platform is not null;--> statement-breakpoint
CREATE INDEX "customers_by_source_platform_id" ON "customers" USING btree ("corporation_id","source_platform_id","id") WHERE source_platform_id is not null;--> statement-breakpoint
CREATE INDEX "idempotency_records_by_age" ON "idempotency_records" USING btree ("created_at");
CREATE TABLE "journey_events" (
	"tenant_id" text collate "C" NOT NULL,
	"journey_id" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"kind" text NOT NULL,
	"name" text collate "C" NOT NULL,
	"result" text NOT NULL,
	"detail" text collate "C" NOT NULL,
	"recipient" text collate "C",
	CONSTRAINT "journey_events_pk" PRIMARY KEY("tenant_id","journey_id","id")
);
--> statement-breakpoint
ALTER TABLE "journey_recipients" ADD COLUMN "reason" text collate "C" DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "journeys" ADD COLUMN "user_id" text collate "C";--> statement-breakpoint
ALTER TABLE "journeys" ADD COLUMN "reason" text collate "C" DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "journey_events" ADD CONSTRAINT "journey_events_journey_fk" FOREIGN KEY ("tenant_id","journey_id") REFERENCES "public"."journeys"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "journey_recipients_reason_idx" ON "journey_recipients" USING btree ("tenant_id","reason","journey_id") WHERE reason <> '';--> statement-breakpoint
CREATE INDEX "journeys_remote_idx" ON "journeys" USING btree ("tenant_id","remote_address","started_at");--> statement-breakpoint
CREATE INDEX "journeys_user_idx" ON "journeys" USING btree ("tenant_id","user_id","started_at") WHERE user_id is not null;--> statement-breakpoint
CREATE INDEX "journeys_status_idx" ON "journeys" USING btree ("tenant_id","status","started_at") WHERE status <> 'accepted';--> statement-breakpoint
CREATE INDEX "journeys_reason_idx" ON "journeys" USING btree ("tenant_id","reason","started_at") WHERE reason <> '';--> statement-breakpoint
UPDATE "journeys" SET "user_id" = (SELECT "u"."id" FROM "users" "u" WHERE "u"."tenant_id" = "journeys"."tenant_id" AND "u"."email" = jsonb_path_query_first("journeys"."steps", '$[*] ? (@.kind == "auth").detail') #>> '{}') WHERE "direction" = 'submission';

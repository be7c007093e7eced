ALTER TABLE "journey_recipients" ADD COLUMN "owner_role" text;--> statement-breakpoint
ALTER TABLE "journeys" ADD COLUMN "user_role" text;
CREATE TABLE "aliases" (
	"tenant_id" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"domain_id" text collate "C" NOT NULL,
	"address" text collate "C" NOT NULL,
	"targets" jsonb NOT NULL,
	"enabled" boolean DEFAULT true NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "aliases_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "api_keys" (
	"tenant_id" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"lookup" text collate "C" NOT NULL,
	"secret_hash" text collate "C" NOT NULL,
	"name" text collate "C" NOT NULL,
	"scopes" jsonb NOT NULL,
	"user_id" text collate "C" NOT NULL,
	"created_by" text collate "C",
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"last_used_at" timestamp (3) with time zone,
	"last_used_ip" text collate "C",
	CONSTRAINT "api_keys_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "audit_entries" (
	"tenant_id" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"actor_kind" text NOT NULL,
	"actor_id" text collate "C",
	"actor_name" text collate "C" NOT NULL,
	"action" text collate "C" NOT NULL,
	"target_type" text collate "C" NOT NULL,
	"target_id" text collate "C",
	"before" jsonb,
	"after" jsonb,
	"ip" text collate "C" NOT NULL,
	"request_id" text collate "C" NOT NULL,
	CONSTRAINT "audit_entries_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "changes" (
	"topic" text collate "C" PRIMARY KEY NOT NULL,
	"counter" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "domains" (
	"tenant_id" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"name" text collate "C" NOT NULL,
	"status" text NOT NULL,
	"verify_token" text collate "C" NOT NULL,
	"alias_of_id" text collate "C",
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "domains_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "folders" (
	"tenant_id" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"mailbox_id" text collate "C" NOT NULL,
	"name" text collate "C" NOT NULL,
	"role" text,
	"total" integer DEFAULT 0 NOT NULL,
	"unseen" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "folders_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "journey_recipients" (
	"tenant_id" text collate "C" NOT NULL,
	"journey_id" text collate "C" NOT NULL,
	"address" text collate "C" NOT NULL,
	"status" text NOT NULL,
	"reply" text collate "C" NOT NULL,
	CONSTRAINT "journey_recipients_pk" PRIMARY KEY("tenant_id","journey_id","address")
);
--> statement-breakpoint
CREATE TABLE "journeys" (
	"tenant_id" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"direction" text NOT NULL,
	"status" text NOT NULL,
	"sender" text collate "C" NOT NULL,
	"recipients" jsonb NOT NULL,
	"remote_address" text collate "C" NOT NULL,
	"helo" text collate "C" NOT NULL,
	"reply" text collate "C" NOT NULL,
	"steps" jsonb NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "journeys_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "login_failures" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"account" text collate "C" NOT NULL,
	"address" text collate "C" NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mailboxes" (
	"tenant_id" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"domain_id" text collate "C" NOT NULL,
	"user_id" text collate "C",
	"address" text collate "C" NOT NULL,
	"display_name" text collate "C" NOT NULL,
	"status" text NOT NULL,
	"quota_bytes" bigint,
	"used_bytes" bigint DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "mailboxes_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "message_tags" (
	"tenant_id" text collate "C" NOT NULL,
	"message_id" text collate "C" NOT NULL,
	"tag_id" text collate "C" NOT NULL,
	CONSTRAINT "message_tags_pk" PRIMARY KEY("tenant_id","message_id","tag_id")
);
--> statement-breakpoint
CREATE TABLE "messages" (
	"tenant_id" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"seq" bigint NOT NULL,
	"mailbox_id" text collate "C" NOT NULL,
	"folder_id" text collate "C" NOT NULL,
	"thread_id" text collate "C" NOT NULL,
	"journey_id" text collate "C" NOT NULL,
	"blob_key" text collate "C" NOT NULL,
	"size" bigint NOT NULL,
	"sha256" text collate "C" NOT NULL,
	"subject" text collate "C" NOT NULL,
	"preview" text collate "C" NOT NULL,
	"from_name" text collate "C" NOT NULL,
	"from_address" text collate "C" NOT NULL,
	"recipients" jsonb NOT NULL,
	"message_id_header" text collate "C",
	"date" timestamp (3) with time zone,
	"received_at" timestamp (3) with time zone NOT NULL,
	"seen" boolean DEFAULT false NOT NULL,
	"starred" boolean DEFAULT false NOT NULL,
	"answered" boolean DEFAULT false NOT NULL,
	"draft" boolean DEFAULT false NOT NULL,
	"has_attachments" boolean DEFAULT false NOT NULL,
	"spam_score" double precision,
	"parse_error" text collate "C",
	"authentication" jsonb,
	"trashed_from_id" text collate "C",
	"trashed_at" timestamp (3) with time zone,
	CONSTRAINT "messages_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"tenant_id" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"token_hash" text collate "C" NOT NULL,
	"user_id" text collate "C" NOT NULL,
	"ip" text collate "C" NOT NULL,
	"user_agent" text collate "C" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"last_seen_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "sessions_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "settings" (
	"tenant_id" text collate "C" NOT NULL,
	"key" text collate "C" NOT NULL,
	"value" jsonb NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "settings_pk" PRIMARY KEY("tenant_id","key")
);
--> statement-breakpoint
CREATE TABLE "tags" (
	"tenant_id" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"name" text collate "C" NOT NULL,
	"name_key" text collate "C" NOT NULL,
	"color" text collate "C" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "tags_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "tenants" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"name" text collate "C" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "threads" (
	"tenant_id" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"mailbox_id" text collate "C" NOT NULL,
	"subject" text collate "C" NOT NULL,
	"message_count" integer DEFAULT 0 NOT NULL,
	"last_message_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "threads_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "users" (
	"tenant_id" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"email" text collate "C" NOT NULL,
	"name" text collate "C" NOT NULL,
	"role" text NOT NULL,
	"password_hash" text collate "C",
	"suspended" boolean DEFAULT false NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "users_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "aliases" ADD CONSTRAINT "aliases_domain_fk" FOREIGN KEY ("tenant_id","domain_id") REFERENCES "public"."domains"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_user_fk" FOREIGN KEY ("tenant_id","user_id") REFERENCES "public"."users"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "audit_entries" ADD CONSTRAINT "audit_entries_tenant_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "domains" ADD CONSTRAINT "domains_tenant_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "domains" ADD CONSTRAINT "domains_alias_of_fk" FOREIGN KEY ("tenant_id","alias_of_id") REFERENCES "public"."domains"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "folders" ADD CONSTRAINT "folders_mailbox_fk" FOREIGN KEY ("tenant_id","mailbox_id") REFERENCES "public"."mailboxes"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "journey_recipients" ADD CONSTRAINT "journey_recipients_journey_fk" FOREIGN KEY ("tenant_id","journey_id") REFERENCES "public"."journeys"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "journeys" ADD CONSTRAINT "journeys_tenant_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mailboxes" ADD CONSTRAINT "mailboxes_domain_fk" FOREIGN KEY ("tenant_id","domain_id") REFERENCES "public"."domains"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mailboxes" ADD CONSTRAINT "mailboxes_user_fk" FOREIGN KEY ("tenant_id","user_id") REFERENCES "public"."users"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "message_tags" ADD CONSTRAINT "message_tags_message_fk" FOREIGN KEY ("tenant_id","message_id") REFERENCES "public"."messages"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "message_tags" ADD CONSTRAINT "message_tags_tag_fk" FOREIGN KEY ("tenant_id","tag_id") REFERENCES "public"."tags"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_mailbox_fk" FOREIGN KEY ("tenant_id","mailbox_id") REFERENCES "public"."mailboxes"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_folder_fk" FOREIGN KEY ("tenant_id","folder_id") REFERENCES "public"."folders"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_thread_fk" FOREIGN KEY ("tenant_id","thread_id") REFERENCES "public"."threads"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_fk" FOREIGN KEY ("tenant_id","user_id") REFERENCES "public"."users"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "settings" ADD CONSTRAINT "settings_tenant_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tags" ADD CONSTRAINT "tags_tenant_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "threads" ADD CONSTRAINT "threads_mailbox_fk" FOREIGN KEY ("tenant_id","mailbox_id") REFERENCES "public"."mailboxes"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_tenant_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "aliases_address_key" ON "aliases" USING btree ("address");--> statement-breakpoint
CREATE INDEX "aliases_domain_idx" ON "aliases" USING btree ("tenant_id","domain_id");--> statement-breakpoint
CREATE UNIQUE INDEX "api_keys_lookup_key" ON "api_keys" USING btree ("lookup");--> statement-breakpoint
CREATE INDEX "api_keys_user_idx" ON "api_keys" USING btree ("tenant_id","user_id");--> statement-breakpoint
CREATE INDEX "audit_entries_at_idx" ON "audit_entries" USING btree ("tenant_id","at","id");--> statement-breakpoint
CREATE INDEX "audit_entries_target_idx" ON "audit_entries" USING btree ("tenant_id","target_type","target_id","at");--> statement-breakpoint
CREATE INDEX "changes_counter_idx" ON "changes" USING btree ("counter");--> statement-breakpoint
CREATE UNIQUE INDEX "domains_name_key" ON "domains" USING btree ("name");--> statement-breakpoint
CREATE UNIQUE INDEX "folders_name_key" ON "folders" USING btree ("tenant_id","mailbox_id","name");--> statement-breakpoint
CREATE UNIQUE INDEX "folders_role_key" ON "folders" USING btree ("tenant_id","mailbox_id","role");--> statement-breakpoint
CREATE INDEX "journey_recipients_address_idx" ON "journey_recipients" USING btree ("tenant_id","address","journey_id");--> statement-breakpoint
CREATE INDEX "journeys_id_idx" ON "journeys" USING btree ("id");--> statement-breakpoint
CREATE INDEX "journeys_started_idx" ON "journeys" USING btree ("tenant_id","started_at","id");--> statement-breakpoint
CREATE INDEX "journeys_sender_idx" ON "journeys" USING btree ("tenant_id","sender","started_at");--> statement-breakpoint
CREATE INDEX "journeys_age_idx" ON "journeys" USING btree ("started_at");--> statement-breakpoint
CREATE INDEX "login_failures_account_idx" ON "login_failures" USING btree ("account","at");--> statement-breakpoint
CREATE INDEX "login_failures_at_idx" ON "login_failures" USING btree ("at");--> statement-breakpoint
CREATE UNIQUE INDEX "mailboxes_address_key" ON "mailboxes" USING btree ("address");--> statement-breakpoint
CREATE INDEX "mailboxes_domain_idx" ON "mailboxes" USING btree ("tenant_id","domain_id");--> statement-breakpoint
CREATE INDEX "mailboxes_user_idx" ON "mailboxes" USING btree ("tenant_id","user_id");--> statement-breakpoint
CREATE INDEX "message_tags_tag_idx" ON "message_tags" USING btree ("tenant_id","tag_id","message_id");--> statement-breakpoint
CREATE UNIQUE INDEX "messages_seq_key" ON "messages" USING btree ("seq");--> statement-breakpoint
CREATE INDEX "messages_folder_idx" ON "messages" USING btree ("tenant_id","folder_id","received_at","id");--> statement-breakpoint
CREATE INDEX "messages_mailbox_idx" ON "messages" USING btree ("tenant_id","mailbox_id","received_at","id");--> statement-breakpoint
CREATE INDEX "messages_tenant_idx" ON "messages" USING btree ("tenant_id","received_at","id");--> statement-breakpoint
CREATE INDEX "messages_unseen_idx" ON "messages" USING btree ("tenant_id","mailbox_id","received_at","id") WHERE not seen;--> statement-breakpoint
CREATE INDEX "messages_starred_idx" ON "messages" USING btree ("tenant_id","mailbox_id","received_at","id") WHERE starred;--> statement-breakpoint
CREATE INDEX "messages_attachments_idx" ON "messages" USING btree ("tenant_id","mailbox_id","received_at","id") WHERE has_attachments;--> statement-breakpoint
CREATE INDEX "messages_thread_idx" ON "messages" USING btree ("tenant_id","thread_id","received_at");--> statement-breakpoint
CREATE INDEX "messages_header_idx" ON "messages" USING btree ("tenant_id","mailbox_id","message_id_header");--> statement-breakpoint
CREATE INDEX "messages_journey_idx" ON "messages" USING btree ("tenant_id","journey_id");--> statement-breakpoint
CREATE INDEX "messages_blob_idx" ON "messages" USING btree ("blob_key");--> statement-breakpoint
CREATE INDEX "messages_trashed_idx" ON "messages" USING btree ("trashed_at") WHERE trashed_at is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "sessions_token_key" ON "sessions" USING btree ("token_hash");--> statement-breakpoint
CREATE INDEX "sessions_user_idx" ON "sessions" USING btree ("tenant_id","user_id");--> statement-breakpoint
CREATE INDEX "sessions_expiry_idx" ON "sessions" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "tags_name_key" ON "tags" USING btree ("tenant_id","name_key");--> statement-breakpoint
CREATE INDEX "threads_mailbox_idx" ON "threads" USING btree ("tenant_id","mailbox_id");--> statement-breakpoint
CREATE UNIQUE INDEX "users_email_key" ON "users" USING btree ("email");
/** Limits of requests and answers. */
export const LIMITS = {
  /** Ids in a batch. */
  batch: 1000,
  /** Characters of the name of a stream. */
  stream: 100,
  /** Entries on a page: the default and the maximum. */
  page: { usual: 50, max: 100 },
  /** What an answer has of a journey in a list, and of one alone. */
  journey: { inList: { recipients: 20, steps: 30 }, alone: { recipients: 1000, steps: 1000 } },
  /** Characters of a person's name, and of a tag's. */
  name: 200,
  tagName: 100,
  /** Parts of a draft: recipients in each of its fields, files, other header fields, earlier messages. */
  draft: { recipients: 1000, attachments: 100, headers: 50, references: 100 },
  /** Messages in one call of the batch. */
  sendBatch: 100,
  /** Tags of a message; every list of messages carries them. */
  tagsPerMessage: 100,
  /** Tags of an owner, and API keys of a user, expired ones included. */
  tags: 1000,
  apiKeysPerUser: 200,
  /** Characters of a new password. */
  password: { min: 12, max: 256 },
} as const

/** Limits of requests and answers. */
export const LIMITS = {
  /** Ids in a batch. */
  batch: 1000,
  /** Entries on a page: the default and the maximum. */
  page: { usual: 50, max: 100 },
  /** Characters of a person's name, and of a tag's. */
  name: 200,
  tagName: 100,
  /** Characters of a new password. */
  password: { min: 12, max: 256 },
} as const

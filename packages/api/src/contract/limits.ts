/** How much the API takes and gives at once. */
export const LIMITS = {
  /** Ids of a batch. */
  batch: 1000,
  /** Entries of a page, when nothing is said and at most. */
  page: { usual: 50, max: 100 },
  /** Characters of a person's name, and of a tag's. */
  name: 200,
  tagName: 100,
  /** Characters of a new password. */
  password: { min: 12, max: 256 },
} as const

import { sql } from 'drizzle-orm'
import { type Db, runSql } from '../client/db.ts'

/**
 * Updates PostgreSQL's statistics of the mail tables. Autovacuum takes a minute or so; until then queries of a quickly growing
 * database would be planned for empty tables, and crawl. SQLite keeps no statistics. Takes about a second at any size.
 */
export async function analyzeMail(db: Db): Promise<void> {
  if (db.dialect !== 'postgres') return
  await runSql(
    db,
    sql`analyze mailboxes, folders, threads, awaited_headers, messages, message_search, journeys, journey_recipients,
      journey_events`,
  )
}

const FIRST = 250
const STEP = 8

/**
 * Creates a counter of incoming messages that calls `analyzeMail` after 250, and then each time their number has grown eightfold.
 * Its promise settles when that is done; it rejects when the database fails.
 */
export function trackGrowth(db: Db): (messages: number) => Promise<void> {
  let count = 0
  let next = FIRST
  return async (messages) => {
    count += messages
    if (count < next) return
    while (next <= count) next *= STEP
    await analyzeMail(db)
  }
}

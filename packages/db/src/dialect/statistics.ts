import { sql } from 'drizzle-orm'
import { type Db, runSql } from '../client/db.ts'

/**
 * Tells PostgreSQL's planner how large the tables of mail have become. It finds out by itself after a minute or so; until then a fill
 * from nothing would be planned for empty tables, and crawl. SQLite keeps no statistics. Costs about a second, whatever the size.
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
 * Makes a counter of messages that come in; it calls `analyzeMail` each time there are eight times as many as at the last, first
 * after 250. Its promise settles when that is done; rejects when the database does.
 */
export function followGrowth(db: Db): (messages: number) => Promise<void> {
  let count = 0
  let next = FIRST
  return async (messages) => {
    count += messages
    if (count < next) return
    while (next <= count) next *= STEP
    await analyzeMail(db)
  }
}

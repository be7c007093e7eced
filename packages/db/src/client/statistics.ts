import { sql } from 'drizzle-orm'
import { type Db, runSql } from './db.ts'

/**
 * Tells PostgreSQL's planner how large the tables of mail have become. It finds out by itself after a minute or so; until then a fill
 * from nothing would be planned for empty tables, and crawl. SQLite keeps no statistics. Costs about a second, whatever the size.
 */
export async function analyzeMail(db: Db): Promise<void> {
  if (db.dialect !== 'postgres') return
  await runSql(
    db,
    sql`analyze mailboxes, folders, threads, awaited_headers, messages, message_search, journeys, journey_recipients`,
  )
}

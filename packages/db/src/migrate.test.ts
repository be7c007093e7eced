import { tenantScope } from './queries/scope.ts'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  generateDrizzleJson,
  generateMigration,
  generateSQLiteDrizzleJson,
  generateSQLiteMigration,
} from 'drizzle-kit/api'
import { describe, expect, inject, it } from 'vitest'
import { channelOf } from './client/db.ts'
import { openDatabase } from './client/open.ts'
import type { DatabaseOptions } from './client/options.ts'
import { findMigrations, migrate, migrationStatus, readMigrations } from './migrate.ts'
import { findFolder } from './queries/folder.ts'
import { findTagsByName, listTags, tagsOfMessages } from './queries/tag.ts'
import * as postgresSchema from './schema/postgres.ts'
import * as sqliteSchema from './schema/sqlite.ts'
import { runAdmin } from './testing/admin.ts'
import { withDatabases } from './testing/index.ts'

/** Options of a new, empty database. */
async function emptyDatabase(dialect: 'sqlite' | 'postgres'): Promise<DatabaseOptions> {
  const { folder, postgres } = inject('mairustTemplates')
  const name = `mairust_empty_${randomBytes(6).toString('hex')}`
  if (dialect === 'sqlite') return { backend: 'sqlite', path: join(folder, name, 'new', 'mairust.db') }
  if (postgres === null) throw new Error('no PostgreSQL')
  const database = `${postgres.prefix}_${name}`
  await runAdmin(postgres.admin, `create database ${database}`)
  const url = new URL(postgres.admin)
  url.pathname = `/${database}`
  return { backend: 'postgres', url: url.href }
}

const lastSnapshot = (dialect: string): unknown => {
  const folder = join(findMigrations(), dialect, 'meta')
  const { entries } = JSON.parse(readFileSync(join(folder, '_journal.json'), 'utf8')) as { entries: { idx: number }[] }
  const index = String(entries.at(-1)?.idx).padStart(4, '0')
  return JSON.parse(readFileSync(join(folder, `${index}_snapshot.json`), 'utf8'))
}

describe('generated migrations', () => {
  const remedy = 'run `pnpm generate` in packages/db'

  it('match the schema on PostgreSQL', async () => {
    const now: unknown = generateDrizzleJson({ ...postgresSchema }, undefined, undefined, 'snake_case')
    expect(await generateMigration(lastSnapshot('postgres') as never, now as never), remedy).toEqual([])
  })

  it('match the schema on SQLite', async () => {
    const now: unknown = await generateSQLiteDrizzleJson({ ...sqliteSchema }, undefined, 'snake_case')
    expect(await generateSQLiteMigration(lastSnapshot('sqlite') as never, now as never), remedy).toEqual([])
  })

  it('keep the merge settings of the search index on SQLite', async () => {
    const database = await openDatabase(await emptyDatabase('sqlite'), { migrate: true })
    const found = await channelOf(database.db).all('select k, v from message_search_config order by k', [])
    await database.close()
    expect(Object.fromEntries(found)).toMatchObject({ automerge: 8, hashsize: 16_777_216 })
  })

  it('have the same numbers on both', () => {
    const tags = (dialect: 'sqlite' | 'postgres') => readMigrations(dialect).map(({ tag }) => tag)
    expect(tags('sqlite')).toEqual(tags('postgres'))
  })
})

withDatabases((get) => {
  it('sets up an empty database once when several start together', async () => {
    const options = await emptyDatabase(get().dialect)
    const applied = await Promise.all(Array.from({ length: 4 }, () => migrate(options)))
    // Which of them applied which is random.
    expect(applied.flat().sort()).toEqual(readMigrations(get().dialect).map(({ tag }) => tag))
    const database = await openDatabase(options, { migrate: true })
    const status = await migrationStatus(database)
    expect(status.pending).toEqual([])
    expect(status.applied).toHaveLength(applied.flat().length)
    await database.close()
  })

  it('lists what is pending for an empty database', async () => {
    const database = await openDatabase(await emptyDatabase(get().dialect))
    const { applied, pending } = await migrationStatus(database)
    expect(applied).toEqual([])
    expect(pending).toHaveLength(readMigrations(get().dialect).length)
    await database.close()
  })

  /** An open database as it was after the first migrations, with one tenant. */
  const olderDatabase = async (migrations: number) => {
    const { dialect } = get()
    const options = await emptyDatabase(dialect)
    const old = await mkdtemp(join(tmpdir(), 'mairust-migrations-'))
    await cp(findMigrations(), old, { recursive: true })
    const journal = join(old, dialect, 'meta/_journal.json')
    const { entries } = JSON.parse(await readFile(journal, 'utf8')) as { entries: unknown[] }
    await writeFile(journal, JSON.stringify({ entries: entries.slice(0, migrations) }))
    await migrate(options, old)
    await rm(old, { recursive: true })

    const before = await openDatabase(options)
    const run = (text: string) => channelOf(before.db).all(text, [])
    const at = dialect === 'sqlite' ? '0' : 'now()'
    await run(`insert into tenants (id, name, created_at) values ('t', 'T', ${at})`)
    return { options, before, run, at }
  }

  it('gives the folders of an older database distinct name keys', async () => {
    const { options, before, run, at } = await olderDatabase(2)
    await run(`insert into domains (tenant_id, id, name, status, verify_token, created_at, updated_at)
               values ('t', 'd', 'example.com', 'active', 'x', ${at}, ${at})`)
    await run(`insert into mailboxes (tenant_id, id, address, domain_id, display_name, status, created_at, updated_at)
               values ('t', 'm', 'a@example.com', 'd', '', 'active', ${at}, ${at})`)
    for (const [id, name] of Object.entries({ f1: 'Work', f2: 'work', f3: 'Ｂｉｌｌｓ' })) {
      await run(
        `insert into folders (tenant_id, id, mailbox_id, name, created_at) values ('t', '${id}', 'm', '${name}', ${at})`,
      )
    }
    await before.close()

    const after = await openDatabase(options, { migrate: true })
    const found = async (ref: string) => (await findFolder(after.db, tenantScope('t'), 'm', ref))?.id
    expect([await found('WORK'), await found('f2'), await found('bills')]).toEqual(['f1', 'f2', 'f3'])
    await after.close()
  })

  it('assigns the submissions of an older database to their users', async () => {
    const { options, before, run, at } = await olderDatabase(4)
    await run(`insert into users (tenant_id, id, email, name, role, password_hash, suspended, created_at, updated_at)
               values ('t', 'u', 'me@example.com', '', 'user', '', ${get().dialect === 'sqlite' ? '0' : 'false'}, ${at}, ${at})`)
    for (const [id, direction] of Object.entries({ jrn_a: 'submission', jrn_b: 'inbound' })) {
      await run(`insert into journeys (tenant_id, id, direction, status, sender, recipients, remote_address, helo, reply, steps, started_at)
                 values ('t', '${id}', '${direction}', 'accepted', 'me@example.com', '["you@example.com"]', '', '', '',
                 '[{"kind":"connect","detail":"192.0.2.1"},{"kind":"auth","detail":"me@example.com"}]', ${at})`)
    }
    await before.close()
    const after = await openDatabase(options, { migrate: true })
    const rows = await after.db.select().from(after.db.tables.journeys)
    expect(Object.fromEntries(rows.map(({ id, userId }) => [id, userId]))).toEqual({ jrn_a: 'u', jrn_b: null })
    await after.close()
  })

  it('gives the tags of an older database to the owners of the messages that have them', async () => {
    const { options, before, run, at } = await olderDatabase(10)
    const no = get().dialect === 'sqlite' ? '0' : 'false'
    for (const [id, role] of Object.entries({ boss: 'tenant_admin', eve: 'user', hana: 'user' })) {
      await run(`insert into users (tenant_id, id, email, name, role, password_hash, suspended, created_at, updated_at)
                 values ('t', '${id}', '${id}@example.com', '', '${role}', '', ${no}, ${at}, ${at})`)
    }
    await run(`insert into domains (tenant_id, id, name, status, verify_token, created_at, updated_at)
               values ('t', 'd', 'example.com', 'active', 'x', ${at}, ${at})`)
    const boxes = { m_eve: `'eve'`, m_hana: `'hana'`, m_nobody: 'null' }
    for (const [id, userId] of Object.entries(boxes)) {
      await run(`insert into mailboxes (tenant_id, id, address, domain_id, user_id, display_name, status, created_at, updated_at)
                 values ('t', '${id}', '${id}@example.com', 'd', ${userId}, '', 'active', ${at}, ${at})`)
      await run(
        `insert into folders (tenant_id, id, mailbox_id, name, created_at) values ('t', 'f_${id}', '${id}', '', ${at})`,
      )
      await run(
        `insert into threads (tenant_id, id, mailbox_id, subject, last_message_at) values ('t', 'h_${id}', '${id}', '', ${at})`,
      )
      await run(`insert into messages (tenant_id, id, seq, mailbox_id, folder_id, thread_id, journey_id, blob_key, size, sha256,
                 subject, preview, from_name, from_address, recipients, received_at)
                 select 't', 'msg_${id}', count(*), '${id}', 'f_${id}', 'h_${id}', '', '', 0, '', '', '', '', '', '[]', ${at} from messages`)
    }
    for (const id of ['work', 'home', 'unused']) {
      await run(`insert into tags (tenant_id, id, name, name_key, color, created_at)
                 values ('t', '${id}', '${id}', '${id}', '#123456', ${at})`)
    }
    const ties = { m_eve: ['work'], m_hana: ['work', 'home'], m_nobody: ['work'] }
    for (const [box, tags] of Object.entries(ties)) {
      for (const tag of tags)
        await run(`insert into message_tags (tenant_id, message_id, tag_id) values ('t', 'msg_${box}', '${tag}')`)
    }
    await before.close()

    const after = await openDatabase(options, { migrate: true })
    const { db } = after
    const scope = tenantScope('t')
    const tagsOf = await tagsOfMessages(db, scope, ['msg_m_eve', 'msg_m_hana', 'msg_m_nobody'])
    expect(Object.fromEntries(tagsOf)).toEqual({
      msg_m_eve: ['work'],
      msg_m_hana: ['home', 'work'],
      msg_m_nobody: ['work'],
    })
    const owned = async (ownerId: string) =>
      (await listTags(db, { ...tenantScope('t'), ownerId }, { limit: 9 })).map(({ name, color }) => `${name} ${color}`)
    const work = 'work #123456'
    expect(await owned('eve')).toEqual([work])
    expect(await owned('hana')).toEqual(['home #123456', work])
    expect(await owned('m_nobody')).toEqual([work])
    expect(await owned('boss')).toEqual(['unused #123456'])
    // Each message has the tag of its own owner.
    for (const [message, ownerId] of Object.entries({
      msg_m_eve: 'eve',
      msg_m_hana: 'hana',
      msg_m_nobody: 'm_nobody',
    })) {
      const [tag] = await findTagsByName(db, { ...tenantScope('t'), ownerId }, ['work'])
      const ids = (await db.select().from(db.tables.messageTags)).filter(({ messageId }) => messageId === message)
      expect(ids.map(({ tagId }) => tagId)).toContain(tag?.id)
    }
    await after.close()
  })

  it('starts the time in Trash of messages that an older import put there', async () => {
    const { options, before, run, at } = await olderDatabase(12)
    await run(`insert into domains (tenant_id, id, name, status, verify_token, created_at, updated_at)
               values ('t', 'd', 'example.com', 'active', 'x', ${at}, ${at})`)
    await run(`insert into mailboxes (tenant_id, id, address, domain_id, display_name, status, created_at, updated_at)
               values ('t', 'm', 'a@example.com', 'd', '', 'active', ${at}, ${at})`)
    await run(
      `insert into threads (tenant_id, id, mailbox_id, subject, last_message_at) values ('t', 'h', 'm', '', ${at})`,
    )
    for (const role of ['inbox', 'trash']) {
      await run(`insert into folders (tenant_id, id, mailbox_id, name, name_key, role, created_at)
                 values ('t', '${role}', 'm', '${role}', '${role}', '${role}', ${at})`)
      await run(`insert into messages (tenant_id, id, seq, mailbox_id, folder_id, thread_id, journey_id, blob_key, size, sha256,
                 subject, preview, from_name, from_address, recipients, received_at)
                 select 't', 'msg_${role}', count(*), 'm', '${role}', 'h', '', '', 0, '', '', '', '', '', '[]', ${at} from messages`)
    }
    await before.close()
    const began = Date.now()
    const after = await openDatabase(options, { migrate: true })
    const rows = await after.db.select().from(after.db.tables.messages)
    const trashed = new Map(rows.map(({ id, trashedAt }) => [id, trashedAt]))
    expect(trashed.get('msg_inbox')).toBeNull()
    // The database has its own clock: an hour's tolerance tells whether it is the current time at all.
    expect(Math.abs((trashed.get('msg_trash')?.getTime() ?? 0) - began)).toBeLessThan(3_600_000)
    await after.close()
  })

  it('refuses the database of a newer program', async () => {
    const options = await emptyDatabase(get().dialect)
    const database = await openDatabase(options, { migrate: true })
    const insert = `insert into mairust_migrations (tag, hash, applied_at) values ('9999_future', '', '')`
    await channelOf(database.db).all(insert, [])
    await expect(migrationStatus(database)).rejects.toThrow('9999_future')
    await expect(openDatabase(options, { migrate: true })).rejects.toThrow('newer')
    await database.close()
  })
})

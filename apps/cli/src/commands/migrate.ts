import type { Command } from 'commander'
import { openAsIs } from '../existing.ts'
import { type Io, readDataConfig } from '../io.ts'
import { type Format, printOne } from '../output.ts'
import { resultCommand } from './kit.ts'

async function up(io: Io, format: Format): Promise<void> {
  const { config } = readDataConfig(io)
  const [{ migrate, openDatabase }, { openInstalledStore }, { openMasterKey }] = await Promise.all([
    import('@mairust/db'),
    import('@mairust/db/blob'),
    import('@mairust/api/services'),
  ])
  const applied = await migrate(config.database)
  // The other commands expect key and folder, to know that they run where the server does.
  const database = await openDatabase(config.database)
  try {
    await openMasterKey({ config, db: database.db, now: () => new Date() })
    await openInstalledStore(config.storage, database.db)
  } finally {
    await database.close()
  }
  printOne(io, format, { applied }, ({ applied: tags }) => (tags.length === 0 ? 'nothing to do' : tags.join('\n')))
}

async function status(io: Io, format: Format): Promise<void> {
  const { database, status: found } = await openAsIs(readDataConfig(io).config)
  await database.close()
  const data = {
    applied: found.applied.map(({ tag, appliedAt }) => ({ tag, applied_at: appliedAt })),
    pending: found.pending,
  }
  printOne(io, format, data, ({ applied, pending }) =>
    [...applied.map(({ tag, applied_at: at }) => `${tag}  ${at}`), ...pending.map((tag) => `${tag}  pending`)].join(
      '\n',
    ),
  )
}

/** `migrate [status|up]`: the database schema. */
export function addMigrate(program: Command, io: Io): void {
  const migrate = program.command('migrate').description('migrate the database to this version, or show its status')
  resultCommand(migrate, 'up', 'apply pending migrations', { isDefault: true }).action((format: Format) =>
    up(io, format),
  )
  resultCommand(migrate, 'status', 'list applied and pending migrations').action((format: Format) => status(io, format))
}

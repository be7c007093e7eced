import type { Command } from 'commander'
import { type Io, readConfig } from '../io.ts'
import { type Format, printOne } from '../output.ts'
import { resultCommand } from './kit.ts'

async function up(io: Io, format: Format): Promise<void> {
  const { config } = readConfig(io)
  const { migrate } = await import('@mairust/db')
  const applied = await migrate(config.database)
  printOne(io, format, { applied }, ({ applied: tags }) => (tags.length === 0 ? 'nothing to do' : tags.join('\n')))
}

async function status(io: Io, format: Format): Promise<void> {
  const { config } = readConfig(io)
  const { migrationStatus, openDatabase } = await import('@mairust/db')
  const database = await openDatabase(config.database)
  try {
    const { applied, pending } = await migrationStatus(database)
    const data = { applied: applied.map(({ tag, appliedAt }) => ({ tag, applied_at: appliedAt })), pending }
    printOne(io, format, data, () =>
      [
        ...data.applied.map(({ tag, applied_at: at }) => `${tag}  ${at}`),
        ...pending.map((tag) => `${tag}  pending`),
      ].join('\n'),
    )
  } finally {
    await database.close()
  }
}

/** `migrate [status|up]`: the schema of the database. */
export function addMigrate(program: Command, io: Io): void {
  const migrate = program.command('migrate').description('bring the database up to this version, or say how far it is')
  resultCommand(migrate, 'up', 'apply what is missing', { isDefault: true }).action((format: Format) => up(io, format))
  resultCommand(migrate, 'status', 'list what is applied and what is missing').action((format: Format) =>
    status(io, format),
  )
}

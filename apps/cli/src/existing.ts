import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Config } from '@mairust/config'
import type { Database, MigrationStatus } from '@mairust/db'
import { CliError } from './exit.ts'

const noData = (folder: string): CliError =>
  new CliError(`no MaiRust data in ${folder}; run this where the server was started, or set MAIRUST_SERVER__DATA_DIR`)

/**
 * Opens an existing database as it is. Creates neither file nor table.
 * @throws CliError when there is none, MigrationError when it is newer than the program
 */
export async function openAsIs({
  database: options,
}: Pick<Config, 'database'>): Promise<{ database: Database; status: MigrationStatus }> {
  if (options.backend === 'sqlite' && !existsSync(options.path)) throw noData(dirname(options.path))
  const { migrationStatus, openDatabase } = await import('@mairust/db')
  const database = await openDatabase(options)
  try {
    const status = await migrationStatus(database)
    if (status.applied.length === 0)
      throw new CliError('no MaiRust data in the database; check DATABASE_URL, or run "mairust migrate up" first')
    return { database, status }
  } catch (error) {
    await database.close()
    throw error
  }
}

/**
 * Opens a server's database, migrated to this version. Creates nothing where there is no server's data: a folder and a key that no
 * server uses would only mislead.
 * @throws CliError when there is none, MigrationError when it is newer than the program
 */
export async function openExisting(config: Config): Promise<Database> {
  const { database, status } = await openAsIs(config)
  try {
    const { server, storage, security } = config
    const key = join(server.data_dir, 'master.key')
    if (security.master_key === null && !existsSync(key)) {
      const isHere = config.database.backend === 'sqlite' && dirname(config.database.path) === server.data_dir
      throw isHere
        ? new CliError(
            `${key} is missing, and the database was used with it; restore it from the backup, or set MAIRUST_MASTER_KEY`,
          )
        : noData(server.data_dir)
    }
    if (storage.backend === 'fs' && !existsSync(storage.options.base_path)) throw noData(storage.options.base_path)
    const { migrate } = await import('@mairust/db')
    if (status.pending.length > 0) await migrate(config.database)
    return database
  } catch (error) {
    await database.close()
    throw error
  }
}

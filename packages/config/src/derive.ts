import { join, resolve } from 'node:path'
import { valueAt } from './layer.ts'
import type { Config } from './schema/index.ts'

/** Derives defaults from other settings, and makes paths absolute. `given` is what the sources set. */
export function derive(config: Config, given: Record<string, unknown>, cwd: string): Config {
  const dataDir = resolve(cwd, config.server.data_dir)
  const isSet = (...path: string[]): boolean => valueAt(given, path) !== undefined
  const file = (path: string): string => (path === '' ? '' : resolve(cwd, path))
  const { server, database, storage, tls, web } = config
  return {
    ...config,
    server: {
      ...server,
      data_dir: dataDir,
      public_url: isSet('server', 'public_url') || web.port === 0 ? server.public_url : `http://localhost:${web.port}`,
    },
    database:
      database.backend === 'postgres'
        ? database
        : { ...database, path: isSet('database', 'path') ? file(database.path) : join(dataDir, 'mairust.db') },
    storage:
      storage.backend === 's3'
        ? storage
        : {
            ...storage,
            options: {
              base_path: isSet('storage', 'options', 'base_path')
                ? file(storage.options.base_path)
                : join(dataDir, 'mail'),
            },
          },
    tls: { ...tls, cert_path: file(tls.cert_path), key_path: file(tls.key_path) },
  }
}

// Writes the next migration of both databases from the schema. `--custom --name=x` makes an empty one with the same number in both.
import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const kit = join(root, 'node_modules/drizzle-kit/bin.cjs')

for (const dialect of ['postgres', 'sqlite']) {
  const args = [kit, 'generate', `--config=drizzle.${dialect}.config.ts`, ...process.argv.slice(2)]
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

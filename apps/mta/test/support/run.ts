/** Runs the server in its own process, configured by the environment, as `apps/cli` does. */
import { loadConfig } from '@mairust/config'
import { runServer } from '../../src/index.ts'

process.umask(0o077)
const { config, bootstrapAdmin } = loadConfig()
await runServer({ config, bootstrapAdmin, reload: () => loadConfig().config })

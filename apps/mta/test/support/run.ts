/** The server in a process of its own, configured by the environment; `apps/cli` does the same behind its commands. */
import { loadConfig } from '@mairust/config'
import { runServer } from '../../src/index.ts'

process.umask(0o077)
const { config, bootstrapAdmin } = loadConfig()
await runServer({ config, bootstrapAdmin, reload: () => loadConfig().config })

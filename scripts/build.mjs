// Builds what changed: the program and the web application. `npm start` does the same on its way.

import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { prepare } from './bootstrap/prepare.mjs'
import { exitWith } from './bootstrap/say.mjs'

await exitWith(async () => {
  await prepare(dirname(dirname(fileURLToPath(import.meta.url))), { builds: ['cli', 'web'] })
  return 0
})

// Builds the program and the web application if they changed, as `npm start` does.

import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { prepare } from './bootstrap/prepare.mjs'
import { exitWith } from './bootstrap/say.mjs'

await exitWith(async () => {
  await prepare(dirname(dirname(fileURLToPath(import.meta.url))), { builds: ['cli', 'web'] })
  return 0
})

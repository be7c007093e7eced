// `npm start`, `npm test`, `npm run security`: prepares the folder on any Node from 20.19 on, then hands over to the
// program on the right Node. Writes nothing to stdout, which belongs to the program.

import './bootstrap/signals.mjs'
import { endWithNpm } from './bootstrap/parent.mjs'

endWithNpm()
// Imported late, so that signals are handled before all of this is loaded.
const { exitWith } = await import('./bootstrap/say.mjs')
const { startVerb } = await import('./bootstrap/start.mjs')
const [verb = 'start', ...args] = process.argv.slice(2)
await exitWith(() => startVerb(verb, args))

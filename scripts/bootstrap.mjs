// `npm start`, `npm test`, `npm run security`: makes the folder ready on any Node from 20.19 on, then hands over to the
// program on the right Node. Writes nothing to stdout: that is the program's.

import './bootstrap/signals.mjs'
import { endWithNpm } from './bootstrap/parent.mjs'

endWithNpm()
// Loaded afterwards, so that signals count before all of this is read.
const { exitWith } = await import('./bootstrap/say.mjs')
const { startVerb } = await import('./bootstrap/start.mjs')
const [verb = 'start', ...args] = process.argv.slice(2)
await exitWith(() => startVerb(verb, args))

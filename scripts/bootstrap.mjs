// `npm start`, `npm test`, `npm run security`: makes the folder ready on any Node from 20.19 on, then hands over to the
// program on the right Node. Writes nothing to stdout: that is the program's.

import './bootstrap/signals.mjs'
import { endWithNpm } from './bootstrap/parent.mjs'
import { exitWith } from './bootstrap/say.mjs'
import { startVerb } from './bootstrap/start.mjs'

endWithNpm()
const [verb = 'start', ...args] = process.argv.slice(2)
await exitWith(() => startVerb(verb, args))

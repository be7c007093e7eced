/** Copies what Next leaves out of a standalone build: static files, without which no script runs, and public/. */
import { copyFileSync, cpSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const web = fileURLToPath(new URL('..', import.meta.url))
const target = join(web, '.next', 'standalone', 'apps', 'web')

cpSync(join(web, '.next', 'static'), join(target, '.next', 'static'), { recursive: true })
if (existsSync(join(web, 'public'))) cpSync(join(web, 'public'), join(target, 'public'), { recursive: true })

const reference = join(web, 'node_modules/@scalar/api-reference/dist/browser/standalone.js')
mkdirSync(join(target, 'docs'), { recursive: true })
copyFileSync(reference, join(target, 'docs', 'standalone.js'))

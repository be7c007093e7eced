import { z } from 'zod'
import { auth } from './auth.ts'
import { database } from './database.ts'
import { dkim } from './dkim.ts'
import { dns } from './dns.ts'
import { hooks } from './hooks.ts'
import { logging } from './logging.ts'
import { notYet, reloadable } from './marks.ts'
import { mtaSts } from './mta-sts.ts'
import { ops } from './ops.ts'
import { outbound } from './outbound.ts'
import { queue } from './queue.ts'
import { audit, retention } from './retention.ts'
import { roles } from './roles.ts'
import { security } from './security.ts'
import { server } from './server.ts'
import { smtp } from './smtp.ts'
import { spam } from './spam.ts'
import { storage } from './storage.ts'
import { tls } from './tls.ts'
import { web } from './web.ts'

/** Every setting with its default, one file per section. The keys are those of the configuration file. */
export const configSchema = z.strictObject({
  server: server.prefault({}),
  smtp: smtp.prefault({}),
  web: web.prefault({}),
  ops: ops.prefault({}),
  database: database.prefault({}),
  storage: storage.prefault({}),
  dns: dns.prefault({}),
  tls: tls.prefault({}),
  auth: reloadable(auth.prefault({})),
  dkim: dkim.prefault({}),
  mta_sts: mtaSts.prefault({}),
  queue: queue.prefault({}),
  outbound: outbound.prefault({}),
  spam: notYet(spam.prefault({})),
  hooks: notYet(hooks.prefault({})),
  security: security.prefault({}),
  retention: retention.prefault({}),
  audit: audit.prefault({}),
  logging: logging.prefault({}),
  roles,
})

/** The validated configuration, with the keys of the file; `loadConfig` makes paths absolute. */
export type Config = z.output<typeof configSchema>

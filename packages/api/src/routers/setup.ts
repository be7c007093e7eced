import * as setup from '../services/setup/index.ts'
import { t } from '../trpc/init.ts'
import { mutation, query } from '../trpc/procedures.ts'

/** The first-run wizard; only for the web application, so not in REST. */
export const setupRouter = t.router({
  status: query(setup.getSetupStatus),

  complete: mutation(setup.completeSetup),
})

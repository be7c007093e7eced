import * as setup from '../services/setup/index.ts'
import { t } from '../trpc/init.ts'
import { mutation, query } from '../trpc/procedures.ts'

/** The first-run wizard. Only the web application uses it, so it is not in REST. */
export const setupRouter = t.router({
  status: query(setup.getSetupStatus),

  complete: mutation(setup.completeSetup),
})

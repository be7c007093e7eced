import * as setup from '../services/setup/index.ts'
import { t } from '../trpc/init.ts'
import { publicProcedure } from '../trpc/procedures.ts'
import { one } from '../wire/index.ts'

/** The first-run wizard; only for the web application, so not in REST. */
export const setupRouter = t.router({
  status: publicProcedure()
    .input(setup.setupStatusInput)
    .output(one(setup.setupStatusSchema))
    .query(async ({ ctx, input }) => ({ data: await setup.getSetupStatus({ runtime: ctx.runtime, input }) })),

  complete: publicProcedure()
    .input(setup.completeSetupInput)
    .output(one(setup.setupResultSchema))
    .mutation(async ({ ctx, input }) => ({
      data: await setup.completeSetup({ runtime: ctx.runtime, from: ctx, input }),
    })),
})

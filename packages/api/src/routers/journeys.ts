import * as journey from '../services/journey/index.ts'
import { t } from '../trpc/init.ts'
import { procedure } from '../trpc/procedures.ts'
import { listOutput, one } from '../wire/index.ts'

const tag = 'Journeys'

export const journeys = t.router({
  list: procedure('journey:read', {
    method: 'GET',
    path: '/journeys',
    tag,
    summary: 'List what happened to mail, also to refused mail',
    description:
      '`address` is a sender or a recipient, `message_id` the id of a message here or the Message-ID of its header, ' +
      '`reason` the name of what refused it, as in `unknown`, `mailbox_full` or `foreign_domain`.',
  })
    .input(journey.listJourneysInput)
    .output(listOutput(journey.journeySchema))
    .query(({ ctx, input }) => journey.listJourneys({ ctx: ctx.service, input })),

  get: procedure('journey:read', { method: 'GET', path: '/journeys/{id}', tag, summary: 'Show one journey' })
    .input(journey.journeyIdInput)
    .output(one(journey.journeyDetailSchema))
    .query(async ({ ctx, input }) => ({ data: await journey.getJourney({ ctx: ctx.service, input }) })),
})

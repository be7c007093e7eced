import * as journey from '../services/journey/index.ts'
import { t } from '../trpc/init.ts'
import { list, query } from '../trpc/procedures.ts'

const tag = 'Journeys'

export const journeys = t.router({
  list: list(journey.listJourneys, {
    path: '/journeys',
    tag,
    summary: 'List journeys: what happened to mail, including refused mail',
    description:
      '`address` is a sender or a recipient, `message_id` the id of a message here or the Message-ID in its header, ' +
      '`reason` why mail was refused, such as `unknown`, `mailbox_full` or `foreign_domain`.',
  }),

  get: query(journey.getJourney, { path: '/journeys/{id}', tag, summary: 'Get a journey' }),
})

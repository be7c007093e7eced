import { type Runtime, scheduledSend, sendScheduled } from '@mairust/api/services'
import { handle, type Handler } from '@mairust/db/queue'

/** Sends messages whose time has come. */
export const scheduling = (runtime: Runtime): { handlers: Handler[] } => ({
  handlers: [handle(scheduledSend, (payload) => sendScheduled(runtime, payload))],
})

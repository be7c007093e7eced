import type { JourneyDetailWire } from '@mairust/api/services'
import type { Command } from 'commander'
import { CliError, EXIT } from '../exit.ts'
import type { Io } from '../io.ts'
import { type Format, printOne } from '../output.ts'
import { withServices } from '../services.ts'
import { resultCommand } from './kit.ts'

function asText({ id, status, from, to, started_at: at, reply, steps, recipients }: JourneyDetailWire): string {
  const head = `${id}  ${at}  ${status}\n<${from}> to ${to.map((address) => `<${address}>`).join(', ')}\n${reply}`
  const fates = recipients.map((recipient) => `  ${recipient.address}: ${recipient.status} ${recipient.reply}`)
  const trail = steps.map((step) =>
    `  ${step.at}  ${step.ms} ms  ${step.kind} ${step.name}: ${step.result} ${step.detail}`.trimEnd(),
  )
  return [head, ...fates, ...trail].join('\n')
}

async function trace(io: Io, id: string, format: Format): Promise<void> {
  const { getJourney, getMessageJourney } = await import('@mairust/api/services')
  const verb = id.startsWith('jrn_') ? getJourney : id.startsWith('msg_') ? getMessageJourney : null
  if (verb === null) throw new CliError('give the id of a journey (jrn_…) or of a message (msg_…)', EXIT.usage)
  const journey = await withServices(io, (ctx) => verb({ ctx, input: { id } }))
  printOne(io, format, journey, asText)
}

/** `trace ID`: what happened to a message. */
export function addTrace(program: Command, io: Io): void {
  resultCommand(
    program,
    'trace <id>',
    'show every step of a message, by the id in an SMTP reply or of the message',
  ).action((id: string, format: Format) => trace(io, id, format))
}

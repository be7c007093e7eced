import type { Client } from '../client.ts'
import type { SmtpContext } from '../context.ts'

/** Starts the reverse lookup early: it may take time, and is needed only later. */
export function connect(context: SmtpContext, client: Client): void {
  const { listener } = client.facts()
  context.metrics.connections.inc({ listener })
  void clientName(context, client)
}

/** The forward-confirmed name of the client's address, or null; XCLIENT may have changed the address since. */
export function clientName(context: SmtpContext, client: Client): Promise<string | null> {
  const forwarded = client.forwardedName()
  if (forwarded !== undefined) return Promise.resolve(forwarded)
  const { remoteAddress } = client.facts()
  if (client.reverse?.address !== remoteAddress) {
    client.reverse = { address: remoteAddress, name: context.reverseLookup(remoteAddress) }
  }
  return client.reverse.name
}

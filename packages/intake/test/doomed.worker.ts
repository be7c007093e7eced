import { serveTurns } from '@mairust/worker-pool'

/** A verifying worker that some messages kill or stop, as a hostile one might. */
serveTurns(({ body }: { body: Uint8Array }) => {
  const text = Buffer.from(body).toString()
  if (text.includes('kill')) process.exit(1)
  if (text.includes('hang')) return new Promise(() => undefined)
  throw new Error('no verdict')
})

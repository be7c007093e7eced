import { serveTasks } from '@mairust/worker-pool'

/** A worker that some input kills, as a hostile message might. */
serveTasks((raws: readonly Uint8Array[]) =>
  raws.map((raw) => {
    const text = Buffer.from(raw).toString()
    if (text === 'kill') process.exit(1)
    if (text === 'disk') throw new Error('no space left')
    return { blobKey: text }
  }),
)

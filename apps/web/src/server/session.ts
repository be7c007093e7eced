import { cache } from 'react'

import { failureOf } from '#lib/failure.ts'
import type { User } from '#lib/types.ts'
import { serverClient } from '#trpc/server.ts'

/** The signed-in user, or null. Fetched once per request. */
export const signedInUser = cache(async (): Promise<User | null> => {
  const client = await serverClient()
  try {
    return (await client.auth.me.query({})).data
  } catch (error) {
    if (failureOf(error).code === 'UNAUTHORIZED') return null
    throw error
  }
})

/** Whether no administrator exists yet. */
export const needsSetup = cache(async (): Promise<boolean> => {
  const client = await serverClient()
  return (await client.setup.status.query()).data.needed
})

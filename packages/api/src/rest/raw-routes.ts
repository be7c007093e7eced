import { messageRoutes } from './message-routes.ts'
import type { RawRoute } from './raw-route.ts'

/** Every route with an answer other than JSON. */
export const rawRoutes: readonly RawRoute[] = [...messageRoutes]

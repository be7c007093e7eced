import { domainRoutes } from './domain-routes.ts'
import { messageRoutes } from './message-routes.ts'
import type { RawRoute } from './raw-route.ts'

/** All routes that do not answer with JSON. */
export const rawRoutes: readonly RawRoute[] = [...domainRoutes, ...messageRoutes]

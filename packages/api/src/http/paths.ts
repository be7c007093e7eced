/** Requests of REST and tRPC that may be answered before the framework sees them. What is encoded may be anything. */
export const REST = /^\/api\/v1(?:\/[^?%]*)?(?:\?|$)/
export const TRPC = /^\/api\/trpc\/[\w.,]+(?:\?|$)/
/** The health outside of the API's versions. */
export const HEALTH = /^\/api\/health\/?(?:\?|$)/
/** The framework's static files. */
export const FILES = /^\/_next\/static\//

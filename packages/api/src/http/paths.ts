/** Requests of REST and tRPC that may be answered before the framework sees them. What is encoded may be anything. */
export const REST = /^\/api\/v1(?:\/[^?%]*)?(?:\?|$)/
export const TRPC = /^\/api\/trpc\/[\w.,]+(?:\?|$)/
/** The health outside of the API's versions. */
export const HEALTH = /^\/api\/health\/?(?:\?|$)/
/** The stream of events, and the document in the frame of a message. */
export const EVENTS = /^\/api\/events\/?(?:\?|$)/
export const FRAME = /^\/m\/[^/?%]+\/body(?:\?|$)/
/** Paths where requests may change something; pages are read-only. */
export const API = /^\/api\/(?:v1(?:[/?]|$)|trpc\/[^/?]+(?:\?|$))/
/** The framework's static files. */
export const FILES = /^\/_next\/static\//

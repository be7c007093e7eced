import { z } from 'zod'

/** The roles a process can have. */
export const ROLES = ['mx', 'submission', 'delivery', 'jobs', 'web'] as const

export type Role = (typeof ROLES)[number]

export const roles = z.array(z.enum(ROLES)).default([]).describe('Roles of this process; empty: all.')

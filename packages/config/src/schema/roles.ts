import { z } from 'zod'

/** The parts of MaiRust that one process can run. */
export const ROLES = ['mx', 'submission', 'delivery', 'jobs', 'web'] as const

export type Role = (typeof ROLES)[number]

export const roles = z.array(z.enum(ROLES)).default([]).describe('Parts this process runs; empty: all of them.')

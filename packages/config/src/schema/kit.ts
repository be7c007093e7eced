import { z } from 'zod'

/** A TCP port; 0 lets the system choose a free one. */
export const port = (fallback: number, description: string) =>
  z.int().min(0).max(65_535).default(fallback).describe(description)

/** A whole number from `min` to `max`. */
export const count = (fallback: number, min: number, max: number, description: string) =>
  z.int().min(min).max(max).default(fallback).describe(description)

/** Minutes or hours: positive, may have a fraction. */
export const duration = (fallback: number, max: number, description: string) =>
  z.number().positive().max(max).default(fallback).describe(description)

/** A boolean. */
export const flag = (fallback: boolean, description: string) => z.boolean().default(fallback).describe(description)

/** A string, possibly empty. */
export const text = (fallback: string, description: string) => z.string().default(fallback).describe(description)

/** The address a listener binds to. */
export const bindHost = (fallback: string) =>
  z
    .string()
    .min(1)
    .default(fallback)
    .describe('Address to listen on; `0.0.0.0` is every IPv4 address, `::` every address.')

/** A list of strings, empty by default. */
export const textList = (description: string) => z.array(z.string().min(1)).default([]).describe(description)

/** An `http:` or `https:` URL without a trailing slash. */
export const httpUrl = (fallback: string, description: string) =>
  z
    .url({ protocol: /^https?$/, error: 'must be a URL that starts with http:// or https://' })
    .overwrite((value) => value.replace(/\/+$/, ''))
    .default(fallback)
    .describe(description)

import type { SiteSettings } from './state.ts'

/**
 * The part of a limit that is one node's (O37): all parts together are the limit. With fewer than nodes, some nodes have none, and
 * leave the site to the others.
 */
export function shareOf(limit: number, nodes: number, index: number): number {
  return Math.floor(limit / nodes) + (index < limit % nodes ? 1 : 0)
}

/** The settings of one node of several. */
export function settingsOfNode({ start, max }: SiteSettings, nodes: number, index: number): SiteSettings {
  return {
    start: shareOf(start, nodes, index),
    max: {
      concurrency: shareOf(max.concurrency, nodes, index),
      perMinute: max.perMinute === null ? null : shareOf(max.perMinute, nodes, index),
    },
  }
}

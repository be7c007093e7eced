import { existsSync } from 'node:fs'
import { chromium } from '@playwright/test'

const INSTALLED = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Path of a usable Chromium: an installed one, else Playwright's own; undefined when there is neither. */
export function chromiumPath() {
  const own = chromium.executablePath()
  return INSTALLED.find((path) => existsSync(path)) ?? (existsSync(own) ? own : undefined)
}

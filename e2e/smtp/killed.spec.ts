import { createServer } from 'node:net'
import { once } from 'node:events'
import { listSubjects, startLoad } from '../fixtures/load.ts'
import type { Load } from '../fixtures/load.ts'
import { ADMIN, startProduct } from '../fixtures/product.ts'
import type { Product } from '../fixtures/product.ts'
import { makeKey } from '../fixtures/rest.ts'
import { expect, test } from '../fixtures/test.ts'

/** Messages that show that mail flows. */
const SOME = 20

let product: Product
let key: string
test.beforeAll(async ({ database }) => {
  product = await startProduct({ admin: true, database })
  key = await makeKey(product, 'read')
})
test.afterAll(() => product.dispose())

/** Mail that arrives while something is killed. */
async function arriving(): Promise<Load> {
  const load = startLoad(product, ADMIN.email, 4)
  await flows(load)
  return load
}
/** Waits until more mail is acknowledged than was. */
async function flows({ seen }: Load): Promise<void> {
  const before = seen.acknowledged.size
  await expect.poll(() => seen.acknowledged.size).toBeGreaterThan(before + SOME)
}
async function expectKept({ seen }: Load): Promise<void> {
  const health = () =>
    fetch(`${product.url}/api/v1/health`).then(
      ({ status }) => status,
      () => 0,
    )
  await expect.poll(health).toBe(200)
  const subjects = await listSubjects(product, key)
  const listed = new Set(subjects)
  expect([...seen.acknowledged].filter((subject) => !listed.has(subject))).toEqual([])
  expect(subjects).toHaveLength(listed.size)
}
const webServer = () => product.processes().find(({ command }) => command.includes('web/server.mjs'))?.pid ?? 0

test('the web server killed with -9 is started again, and mail goes on meanwhile', async () => {
  const load = await arriving()
  const [killed, server] = [webServer(), product.serverPid()]
  process.kill(killed, 'SIGKILL')
  await flows(load)
  await load.stop()
  await expectKept(load)
  expect(product.serverPid()).toBe(server)
  expect(product.processes().map(({ pid }) => pid)).not.toContain(killed)
})

test('the server killed with -9 is started again by its wrapper, and what was acknowledged is there', async () => {
  const load = await arriving()
  const [killed, itsWeb] = [product.serverPid(), webServer()]
  process.kill(killed, 'SIGKILL')
  await expect.poll(() => [0, killed].includes(product.serverPid())).toBe(false)
  await flows(load)
  await load.stop()
  await expectKept(load)
  const left = product.processes().map(({ pid }) => pid)
  expect([killed, itsWeb].filter((pid) => left.includes(pid))).toEqual([])
})

test('the wrapper killed with -9 takes everything with it, and the next start is clean', async () => {
  const load = await arriving()
  process.kill(product.pid, 'SIGKILL')
  await expect.poll(() => product.processes()).toEqual([])
  await load.stop()
  for (const port of Object.values(product.ports)) {
    const server = createServer().listen(port, '127.0.0.1')
    await once(server, 'listening')
    server.close()
  }
  const before = product.logged.length
  await product.start()
  await expectKept(load)
  const bad = product.logged.slice(before).filter((line) => /"level":"(?:warn|error|fatal)"/.test(line))
  expect(bad).toEqual([])
  expect(await product.stop()).toBe(0)
  expect(product.processes()).toEqual([])
})

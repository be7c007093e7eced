import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { withDatabases } from '@mairust/db/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Cli, makeCli, PASSWORD } from './cli.ts'

const FROM = 'hana@example.com'

withDatabases((get) => {
  let cli: Cli
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mairust-send-'))
    cli = makeCli(get().options)
    await cli.run(['admin', 'create', 'root@example.com', '--password-stdin'], PASSWORD)
    await cli.run(['domain', 'add', 'example.com', '--active'])
    await cli.run(['user', 'add', FROM, '--password-stdin'], PASSWORD)
    await cli.run(['mailbox', 'add', FROM, '--user', FROM])
  })
  afterAll(async () => {
    cli.remove()
    await rm(folder, { recursive: true })
  })

  it('sends what stdin says, and prints the journey and what became of each recipient', async () => {
    const file = join(folder, 'menu.txt')
    await writeFile(file, 'soup')
    const args = ['send', FROM, 'ken@far.example', FROM, '--subject', 'Menu', '--attach', file, '--save-copy']
    const sent = await cli.run(args, 'Here it is.')
    expect(sent).toMatchObject({ status: 0 })
    expect(sent.out).toMatch(/^sent: jrn_\w+\n {2}ken@far\.example queued dlv_\w+\n {2}hana@example\.com delivered\n$/)
    const [queued] = (await cli.json(['queue', 'list', '--recipient', 'ken@far.example'])).data
    expect(queued).toMatchObject({ sender: FROM, state: 'queued' })
  })

  it('sends a whole message, and prints what REST answers', async () => {
    const raw = `From: ${FROM}\nSubject: raw\n\nHi.\n`
    const { data } = await cli.json(['send', FROM, 'lee@far.example', '--raw'], raw)
    expect(data).toMatchObject({ status: 'queued', recipients: [{ address: 'lee@far.example', status: 'queued' }] })
  })

  it('says why it sends nothing', async () => {
    const refused = await cli.run(['send', FROM, 'nobody@example.com', '--text', 'x'])
    expect(refused.status).toBe(2)
    expect(refused.err).toContain('to.0: nobody@example.com: 550 5.1.1 No such mailbox here')
    expect((await cli.run(['send', 'x@elsewhere.example', FROM, '--text', 'x'])).status).toBe(1)
    expect((await cli.run(['send', FROM, FROM, '--raw', '--subject', 'x'], 'x')).status).toBe(2)
    expect((await cli.run(['send', FROM, FROM, '--attach', join(folder, 'none'), '--text', 'x'])).status).toBe(1)
  })
})

import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const SERVICES = `pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
`

/** A real Postfix in a temporary folder, which delivers mail for a domain into a Maildir. */
export class Postfix {
  readonly #folder = mkdtempSync(join(tmpdir(), 'mairust-postfix-'))
  readonly #etc = join(this.#folder, 'etc')

  /** It needs root. */
  static get isInstalled(): boolean {
    return existsSync('/usr/sbin/postfix') && process.getuid?.() === 0
  }

  constructor(address: string, port: number, domain: string, tls: { readonly key: string; readonly cert: string }) {
    execFileSync('chmod', ['755', this.#folder])
    for (const name of ['etc', 'spool', 'lib', 'mail']) mkdirSync(join(this.#folder, name))
    for (const file of ['postfix-files', 'post-install', 'postfix-script', 'dynamicmaps.cf']) {
      if (existsSync(`/etc/postfix/${file}`)) cpSync(`/etc/postfix/${file}`, join(this.#etc, file))
    }
    writeFileSync(join(this.#etc, 'pair.pem'), tls.key + tls.cert, { mode: 0o600 })
    writeFileSync(join(this.#etc, 'master.cf'), `${address}:${port} inet n - n - - smtpd\n${SERVICES}`)
    const id = (flag: string) => execFileSync('id', [flag, 'postfix'], { encoding: 'utf8' }).trim()
    const settings = {
      compatibility_level: '3.6',
      queue_directory: join(this.#folder, 'spool'),
      data_directory: join(this.#folder, 'lib'),
      maillog_file: '/dev/null',
      maillog_file_prefixes: '/dev',
      inet_interfaces: '127.0.0.1',
      inet_protocols: 'ipv4',
      myhostname: `mx.${domain}`,
      mydestination: '',
      alias_maps: '',
      local_recipient_maps: '',
      virtual_mailbox_domains: domain,
      virtual_mailbox_base: join(this.#folder, 'mail'),
      virtual_mailbox_maps: 'static:box/',
      virtual_uid_maps: `static:${id('-u')}`,
      virtual_gid_maps: `static:${id('-g')}`,
      virtual_minimum_uid: '1',
      smtpd_tls_chain_files: join(this.#etc, 'pair.pem'),
      smtpd_tls_security_level: 'may',
      smtputf8_enable: 'yes',
    }
    const text = Object.entries(settings).map(([key, value]) => `${key} = ${value}\n`)
    writeFileSync(join(this.#etc, 'main.cf'), text.join(''))
    execFileSync('chown', ['postfix', join(this.#folder, 'lib'), join(this.#folder, 'mail')])
    this.#control('start')
  }

  /** What has been delivered so far, with the line ends of a file. */
  get delivered(): Buffer[] {
    const box = join(this.#folder, 'mail', 'box', 'new')
    return existsSync(box) ? readdirSync(box).map((name) => readFileSync(join(box, name))) : []
  }

  get count(): number {
    const box = join(this.#folder, 'mail', 'box', 'new')
    return existsSync(box) ? readdirSync(box).length : 0
  }

  stop(): void {
    this.#control('stop')
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #control(command: string): void {
    execFileSync('/usr/sbin/postfix', ['-c', this.#etc, command], { stdio: 'ignore' })
  }
}

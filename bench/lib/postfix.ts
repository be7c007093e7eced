import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Contender } from './contender.ts'

const MASTER = (port: number) => `127.0.0.1:${String(port)} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`

/**
 * Postfix with its own configuration, queue and Maildirs in a temporary folder; it accepts and delivers mail for `domain`. At its
 * 250 a message is in the queue and synced (the default). Needs root. undefined when Postfix is not installed.
 */
export function postfix(port: number, domain: string): Contender | undefined {
  if (!existsSync('/usr/sbin/postfix')) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'mairust-bench-postfix-'))
  const etc = join(folder, 'etc')
  const control = (command: string) => execFileSync('/usr/sbin/postfix', ['-c', etc, command], { stdio: 'ignore' })
  return {
    name: 'Postfix',
    durable: 'queue file synced before 250; delivered to a Maildir',
    port,
    start() {
      execFileSync('chmod', ['755', folder])
      for (const name of ['etc', 'spool', 'lib', 'mail']) mkdirSync(join(folder, name))
      for (const file of ['postfix-files', 'post-install', 'postfix-script', 'dynamicmaps.cf']) {
        if (existsSync(`/etc/postfix/${file}`)) cpSync(`/etc/postfix/${file}`, join(etc, file))
      }
      const { uid, gid } = account('postfix')
      writeFileSync(join(etc, 'master.cf'), MASTER(port))
      writeFileSync(
        join(etc, 'main.cf'),
        Object.entries({
          compatibility_level: '3.6',
          queue_directory: join(folder, 'spool'),
          data_directory: join(folder, 'lib'),
          mail_owner: 'postfix',
          maillog_file: '/dev/null',
          maillog_file_prefixes: '/dev',
          inet_interfaces: '127.0.0.1',
          inet_protocols: 'ipv4',
          myhostname: `mx.${domain}`,
          mydestination: '',
          mynetworks: '127.0.0.0/8',
          alias_maps: '',
          local_recipient_maps: '',
          virtual_mailbox_domains: domain,
          virtual_mailbox_base: join(folder, 'mail'),
          virtual_mailbox_maps: 'static:box/',
          virtual_uid_maps: `static:${String(uid)}`,
          virtual_gid_maps: `static:${String(gid)}`,
          virtual_minimum_uid: '1',
          smtpd_client_connection_count_limit: '0',
          smtpd_client_connection_rate_limit: '0',
        })
          .map(([key, value]) => `${key} = ${value}`)
          .join('\n') + '\n',
      )
      execFileSync('chown', ['postfix', join(folder, 'lib'), join(folder, 'mail')])
      control('start')
      return Promise.resolve()
    },
    stop() {
      control('stop')
      rmSync(folder, { recursive: true, force: true })
      return Promise.resolve()
    },
  }
}

function account(name: string): { uid: number; gid: number } {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((text) => text.startsWith(`${name}:`))
  const [, , uid, gid] = line?.split(':') ?? []
  if (uid === undefined || gid === undefined) throw new Error(`there is no account ${name}`)
  return { uid: Number(uid), gid: Number(gid) }
}

import { expect, it } from 'vitest'
import { fromGmailLabels } from './gmail-labels.ts'

const encoded = (labels: string): string => `=?UTF-8?B?${Buffer.from(labels).toString('base64')}?=`

it.each([
  ['Inbox,Important,Opened,Category Personal', { seen: true, role: 'inbox', folder: null, tags: ['Important'] }],
  ['Inbox,Unread,Category Updates', { seen: false, role: 'inbox', tags: [] }],
  ['Archived,Sent,Starred', { seen: true, starred: true, role: 'sent', folder: null }],
  ['Archived,Work/2026,holiday', { role: null, folder: 'Work/2026', tags: ['Work/2026', 'holiday'] }],
  ['Inbox,Work', { role: 'inbox', folder: null, tags: ['Work'] }],
  ['Archived,Opened', { role: 'archive', folder: null, tags: [] }],
  ['Drafts', { draft: true, role: 'drafts' }],
  ['Spam,Unread', { seen: false, role: 'junk' }],
  ['Inbox,Trash', { role: 'trash' }],
  ['Archived,"R&D, Inc"', { folder: 'R&D, Inc', tags: ['R&D, Inc'] }],
  ['=?UTF-8?Q?Posteingang,Ge=C3=B6ffnet,Kategorie:_Soziale_Netzwerke?=', { seen: true, role: 'inbox', tags: [] }],
  ['=?UTF-8?Q?Archiviert,Ungelesen,B=C3=BCcher?=', { seen: false, role: null, folder: 'Bücher' }],
  ['=?UTF-8?B?5Y+X5L+h44OI44Os44KkLOacquiqrSzku5XkuosK?=', { seen: false, role: 'inbox', tags: ['仕事'] }],
  // Reports: bichon 358 (French), got-your-back 227 (Czech).
  ['=?UTF-8?Q?Archiv=C3=A9s,Envoy=C3=A9?=', { role: 'sent', folder: null, tags: [] }],
  [encoded('Doručené,Nepřečtené,Důležité'), { seen: false, role: 'inbox', tags: ['Důležité'] }],
  [encoded('Входящие,Непрочитанные,Работа'), { seen: false, role: 'inbox', tags: ['Работа'] }],
  [encoded('收件箱,未读,工作'), { seen: false, role: 'inbox', tags: ['工作'] }],
  [encoded('封存,未讀取,工作'), { seen: false, role: null, folder: '工作' }],
  [encoded('받은편지함,읽지 않음'), { seen: false, role: 'inbox', tags: [] }],
  // A system label of another language is the user's own label.
  ['=?UTF-8?Q?Archived,Opened,Entw=C3=BCrfe?=', { draft: false, folder: 'Entwürfe' }],
])('X-Gmail-Labels: %s', (field, expected) => expect(fromGmailLabels(field)).toMatchObject(expected))

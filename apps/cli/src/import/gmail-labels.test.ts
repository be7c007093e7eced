import { expect, it } from 'vitest'
import { fromGmailLabels } from './gmail-labels.ts'

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
  // A system label of another language is the user's own label.
  ['=?UTF-8?Q?Archived,Opened,Entw=C3=BCrfe?=', { draft: false, folder: 'Entwürfe' }],
])('X-Gmail-Labels: %s', (field, expected) => expect(fromGmailLabels(field)).toMatchObject(expected))

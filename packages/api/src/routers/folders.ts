import * as folder from '../services/folder/index.ts'
import { t } from '../trpc/init.ts'
import { list, mutation, query } from '../trpc/procedures.ts'

const tag = 'Mailboxes'

export const folders = t.router({
  list: list(folder.listFolders, {
    path: '/mailboxes/{id}/folders',
    tag,
    summary: 'List the folders of a mailbox with their counts',
  }),

  create: mutation(folder.createFolder, {
    method: 'POST',
    path: '/mailboxes/{id}/folders',
    tag,
    summary: 'Add a folder',
    status: 201,
  }),

  get: query(folder.getFolder, {
    path: '/mailboxes/{id}/folders/{folder_id}',
    tag,
    summary: 'Get a folder with its counts',
  }),

  update: mutation(folder.updateFolder, {
    method: 'PATCH',
    path: '/mailboxes/{id}/folders/{folder_id}',
    tag,
    summary: 'Rename a folder',
  }),

  remove: mutation(folder.removeFolder, {
    method: 'DELETE',
    path: '/mailboxes/{id}/folders/{folder_id}',
    tag,
    summary: 'Remove a folder; its messages go to Trash',
  }),
})

import * as folder from '../services/folder/index.ts'
import { t } from '../trpc/init.ts'
import { procedure } from '../trpc/procedures.ts'
import { changed, deleted, deletedOutput, listOutput, one } from '../wire/index.ts'

const tag = 'Mailboxes'

export const folders = t.router({
  list: procedure('folder:read', {
    method: 'GET',
    path: '/mailboxes/{id}/folders',
    tag,
    summary: 'List the folders of a mailbox with their counts',
  })
    .input(folder.listFoldersInput)
    .output(listOutput(folder.folderSchema))
    .query(({ ctx, input }) => folder.listFolders({ ctx: ctx.service, input })),

  create: procedure('folder:write', {
    method: 'POST',
    path: '/mailboxes/{id}/folders',
    tag,
    summary: 'Add a folder',
    status: 201,
  })
    .input(folder.createFolderInput)
    .output(changed(folder.folderSchema))
    .mutation(async ({ ctx, input }) => ({ data: await folder.createFolder({ ctx: ctx.service, input }) })),

  get: procedure('folder:read', {
    method: 'GET',
    path: '/mailboxes/{id}/folders/{folder_id}',
    tag,
    summary: 'Get a folder with its counts',
  })
    .input(folder.folderIdInput)
    .output(one(folder.folderSchema))
    .query(async ({ ctx, input }) => ({ data: await folder.getFolder({ ctx: ctx.service, input }) })),

  update: procedure('folder:write', {
    method: 'PATCH',
    path: '/mailboxes/{id}/folders/{folder_id}',
    tag,
    summary: 'Rename a folder',
  })
    .input(folder.updateFolderInput)
    .output(changed(folder.folderSchema))
    .mutation(async ({ ctx, input }) => ({ data: await folder.updateFolder({ ctx: ctx.service, input }) })),

  remove: procedure('folder:write', {
    method: 'DELETE',
    path: '/mailboxes/{id}/folders/{folder_id}',
    tag,
    summary: 'Remove a folder; its messages go to Trash',
  })
    .input(folder.folderIdInput)
    .output(deletedOutput)
    .mutation(async ({ ctx, input }) => {
      await folder.removeFolder({ ctx: ctx.service, input })
      return deleted(input.folder_id)
    }),
})

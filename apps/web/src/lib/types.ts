import type { inferRouterOutputs } from '@trpc/server'

import type { AppRouter } from '#trpc/router.ts'

type Outputs = inferRouterOutputs<AppRouter>
type Rows<List extends { data: unknown[] }> = List['data'][number]

// The types of the API's answers, under the names that pages use.
export type User = Pick<Outputs['auth']['me']['data'], 'id' | 'email' | 'name' | 'role' | 'permissions'>
export type Mailbox = Rows<Outputs['mailboxes']['list']>
export type Folder = Rows<Outputs['folders']['list']>
export type FolderRole = NonNullable<Folder['role']>
export type Tag = Rows<Outputs['tags']['list']>
export type MessageItem = Rows<Outputs['messages']['list']>
export type MessageDetail = Outputs['messages']['get']['data']
export type Address = MessageItem['from']
export type Attachment = MessageDetail['attachments'][number]
export type Journey = Rows<Outputs['journeys']['list']>
export type JourneyStep = Journey['steps'][number]

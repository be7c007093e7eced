import { TooltipProvider, Toaster } from '@mairust/ui'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render } from '@testing-library/react'
import { createTRPCClient, TRPCClientError, type TRPCLink } from '@trpc/client'
import { observable } from '@trpc/server/observable'
import { NextIntlClientProvider } from 'next-intl'
import { NuqsTestingAdapter, type OnUrlUpdateFunction } from 'nuqs/adapters/testing'
import type { ReactElement } from 'react'

import type { Locale } from '#lib/preferences.ts'
import en from '#messages/en.json'
import ja from '#messages/ja.json'
import { TRPCProvider } from '#trpc/client.tsx'
import type { AppRouter } from '#trpc/router.ts'

export type Call = { path: string; input: unknown }
/** Answers by procedure name; other procedures answer NOT_FOUND. */
export type Handlers = Record<string, (input: never) => unknown>

/** An error answer of the API. */
export function refusal(code: string, fields: { field: string; reason: string }[] = []): TRPCClientError<AppRouter> {
  return new TRPCClientError('Refused.', {
    result: { error: { data: { code, request_id: 'req_1', details: fields } } } as never,
  })
}

function fakeLink(handlers: Handlers, calls: Call[]): TRPCLink<AppRouter> {
  return () =>
    ({ op }) =>
      observable((observer) => {
        calls.push({ path: op.path, input: op.input })
        const handler = handlers[op.path] as ((input: unknown) => unknown) | undefined
        const answer = Promise.resolve().then((): unknown => {
          if (handler === undefined) throw refusal('NOT_FOUND')
          return handler(op.input)
        })
        answer.then(
          (data) => {
            observer.next({ result: { type: 'data', data } })
            observer.complete()
          },
          (error: unknown) => observer.error(error as TRPCClientError<AppRouter>),
        )
      })
}

export type PageOptions = { handlers?: Handlers; locale?: Locale; search?: string; onUrl?: OnUrlUpdateFunction }

/** Renders part of a page with `handlers` in place of the API; returns the view and the calls it makes. */
export function renderPage(page: ReactElement, { handlers = {}, locale = 'en', search = '', onUrl }: PageOptions = {}) {
  const calls: Call[] = []
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  const trpcClient = createTRPCClient<AppRouter>({ links: [fakeLink(handlers, calls)] })
  const view = render(
    <NextIntlClientProvider locale={locale} messages={locale === 'ja' ? ja : en} timeZone="UTC">
      <NuqsTestingAdapter searchParams={search} hasMemory {...(onUrl ? { onUrlUpdate: onUrl } : {})}>
        <QueryClientProvider client={queryClient}>
          <TRPCProvider trpcClient={trpcClient} queryClient={queryClient}>
            <TooltipProvider>{page}</TooltipProvider>
            <Toaster label="Notices" closeLabel="Close" />
          </TRPCProvider>
        </QueryClientProvider>
      </NuqsTestingAdapter>
    </NextIntlClientProvider>,
  )
  return {
    ...view,
    calls,
    called: (path: string) => calls.filter((call) => call.path === path).map(({ input }) => input),
  }
}

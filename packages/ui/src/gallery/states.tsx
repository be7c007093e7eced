'use client'

import { Inbox, Unplug } from 'lucide-react'

import { Button } from '../components/button.tsx'
import { CodeBlock } from '../components/code.tsx'
import { DataList } from '../components/data-list.tsx'
import { Banner, EmptyState, ErrorState, Skeleton } from '../components/states.tsx'
import { SplitPane } from '../blocks/split-pane.tsx'
import { Section } from './section.tsx'

/** What a view shows when it is empty, loading or failed; lists of values; panes. */
export function StateExamples() {
  return (
    <>
      <Section title="States">
        <EmptyState
          icon={<Inbox aria-hidden />}
          title="Nothing here"
          description="Mail appears as it arrives."
          actions={<Button>Refresh</Button>}
        />
        <ErrorState
          icon={<Unplug aria-hidden />}
          title="The server cannot be reached"
          description="Check the connection."
          requestId="req_0123"
          requestIdLabel="Request"
          actions={<Button>Try again</Button>}
        />
        <div className="flex w-full flex-col gap-2">
          <Skeleton className="h-4 w-2/3" />
          <Skeleton className="h-4 w-1/2" />
        </div>
        {(['neutral', 'info', 'warning', 'danger'] as const).map((tone) => (
          <Banner key={tone} tone={tone} className="w-full" actions={<Button size="sm">Show</Button>}>
            {`A ${tone} banner`}
          </Banner>
        ))}
      </Section>
      <Section title="Data">
        <DataList
          items={[
            { key: 'id', term: 'Id', value: <code className="font-mono">dom_01</code> },
            { key: 'status', term: 'Status', value: 'active' },
          ]}
        />
        <CodeBlock code={'v=spf1 mx -all'} label="Record" copyLabel="Copy" copiedLabel="Copied" className="w-full" />
      </Section>
      <Section title="Panes">
        <div className="flex h-32 w-full border">
          <SplitPane
            show="start"
            start={<p className="p-2">List</p>}
            end={<p className="p-2">Message</p>}
            initial={200}
            min={120}
            max={320}
            handleLabel="Width of the list"
          />
        </div>
      </Section>
    </>
  )
}
